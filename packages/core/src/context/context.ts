import type { z } from 'zod'

import type { Bot } from '../bot/bot.ts'
import type { BotRegistry } from '../bot/bot-registry.ts'
import type { MessageJournal } from '../bot/message-journal.ts'
import type { StoredMessages } from '../bot/stored-messages.ts'
import type { ElementComponent } from '../compose/components.ts'
import type { OutgoingMiddleware, OutgoingOptions } from '../compose/outgoing.ts'
import type { ArgumentParser } from '../command/arguments.ts'
import { CommandBuilder } from '../command/builder.ts'
import type { Description } from '../command/command.ts'
import type { ArgumentsOf, ArgumentTypes, CheckedDeclaration } from '../command/types.ts'
import { FormBuilder } from '../form/form-builder.ts'
import type { GuildSettings } from '../guild/guild-settings.ts'
import { Hot } from '../plugin/hot.ts'
import type { InstanceOptions, PluginInstance } from '../plugin/instance.ts'
import type { PerPlugin } from '../plugin/per-plugin.ts'
import type { Plugin } from '../plugin/plugin.ts'
import type { ServiceName, Services } from '../plugin/services.ts'
import type { LocaleResolver } from '../i18n/locale-table.ts'
import { localeOf, type TextTables, type Translator } from '../i18n/translator.ts'
import type { Dispose, EffectKind, Scope } from '../lifecycle/scope.ts'
import type { Middleware, MiddlewareOptions, Observer, ObserverOptions } from '../middleware/middleware.ts'
import { oneAtATime } from '../middleware/one-at-a-time.ts'
import { PermissionAccess } from '../permission/access.ts'
import type { AppEvents, EventName, Listener, ListenerEntry, ListenerOptions } from '../dispatch/listeners.ts'
import type { Traces } from '../trace/trace.ts'
import type { Clock } from '../shared/clock.ts'
import type { QuestionOptions } from '../prompt/questions.ts'
import type { Logger } from '../shared/logger.ts'
import { type Agenda, type DueEntry, ScheduledAgenda } from './agenda.ts'
import type { ContextHost } from './context-host.ts'
import { type CronOptions, type Job, type JobRun, ScheduledJob } from './job.ts'

/**
 * What a plugin holds: everything registered through it goes away with the plugin. Services that the plugin
 * injects are properties of it, by their names.
 */
export class Context {
  /** What the plugin holds; ends with it. */
  readonly scope: Scope
  /** Adds the name of the plugin to each line. */
  readonly logger: Logger
  /** What survives a reload: a plugin finds here what its last run left. */
  readonly hot: Hot
  readonly #app: ContextHost

  /** @param service - Reads a service that the plugin injects. */
  constructor(
    app: ContextHost,
    scope: Scope,
    injected: readonly string[],
    service: (name: string) => unknown,
    hotData: Record<string, unknown>,
  ) {
    this.#app = app
    this.scope = scope
    this.hot = new Hot(hotData)
    this.logger = app.logger.child({ plugin: scope.name })
    for (const name of injected) {
      Object.defineProperty(this, name, { get: () => service(name), enumerable: true })
    }
  }

  /** Name of the running instance. */
  get name(): string {
    return this.scope.name
  }

  /** Aborts when the plugin begins to stop; hand it to every wait, fetch and socket. */
  get signal(): AbortSignal {
    return this.scope.signal
  }

  /** The clock of the app; an adapter hands it to whatever keeps time, so that tests can move it. */
  get clock(): Clock {
    return this.#app.clock
  }

  /** True once `ready` has been emitted; a plugin that is added or restarted later does not see that event. */
  get isReady(): boolean {
    return this.#app.isReady
  }

  /** The accounts that are signed in. */
  get bots(): BotRegistry {
    return this.#app.bots
  }

  /** What was decided about the latest messages: the answer to "why did the bot not answer?". */
  get traces(): Traces {
    return this.#app.traces
  }

  /**
   * Runs `setup` now and what it returns when the plugin stops.
   *
   * @example
   * ```ts
   * ctx.effect(() => {
   *   const server = listen()
   *   return () => server.close()
   * }, 'status page')
   * ```
   * @param label - What it is, for the ledger.
   * @param kind - Its kind, for the ledger.
   * @returns Undoes it now.
   */
  effect(setup: () => Dispose, label = 'effect', kind: EffectKind = 'effect'): Dispose {
    return this.scope.own(kind, label, setup())
  }

  /**
   * Listens to an event. Listeners do not disturb each other: one that fails is reported in the name of its
   * plugin.
   *
   * @returns Stops listening.
   */
  on<K extends EventName>(name: K, listener: Listener<K>, options: ListenerOptions = {}): Dispose {
    const entry: ListenerEntry = {
      scope: this.scope,
      listener,
      when: options.when,
      where: `listener of ${name}`,
      remove: undefined,
    }
    const dispose = this.scope.own('listener', name, this.#app.listeners.add(name, entry, options.prepend))
    if (options.once === true) entry.remove = () => void dispose()
    return dispose
  }

  /** Listens to the next event of that name. @returns Stops listening. */
  once<K extends EventName>(
    name: K,
    listener: Listener<K>,
    options: Omit<ListenerOptions, 'once'> = {},
  ): Dispose {
    return this.on(name, listener, { ...options, once: true })
  }

  /** Tells the listeners of an app event, `exit-requested` for instance. Chat events come from bots alone. */
  emit<K extends keyof AppEvents>(name: K, payload: AppEvents[K]): void {
    this.#app.emit(name, payload)
  }

  /**
   * Adds a middleware that sees messages before the commands do: guards first, and in a stage those of each plugin
   * where the config names it.
   *
   * @returns Removes it.
   * @example
   * ```ts
   * ctx.use((session, next) => (isSpam(session.text) ? undefined : next()), { stage: 'guard' })
   * ```
   */
  use(middleware: Middleware, options?: MiddlewareOptions): Dispose
  /**
   * Adds an observer: it is shown each message when everything is over, with what became of it, and cannot answer.
   *
   * @returns Removes it.
   * @example
   * ```ts
   * ctx.use(({ outcome }) => count(outcome.status), { stage: 'observe' })
   * ```
   */
  use(observer: Observer, options: ObserverOptions): Dispose
  use(middleware: Middleware, options: MiddlewareOptions | ObserverOptions = {}): Dispose {
    const name = options.name ?? (middleware.name || 'middleware')
    const run =
      'concurrency' in options && options.concurrency !== undefined
        ? oneAtATime(middleware, name, options.concurrency, options, this.#app.texts)
        : middleware
    const remove = this.#app.middleware.add(this.scope, run, { ...options, name })
    return this.scope.own('middleware', name, remove)
  }

  /**
   * Adds a middleware that sees messages and edits before they are sent, in the order in which plugins stand in the
   * config. One that throws keeps the message back, and that is told in the name of this plugin.
   *
   * @returns Removes it.
   */
  outgoing(middleware: OutgoingMiddleware, options: OutgoingOptions = {}): Dispose {
    const { name = middleware.name } = options
    const remove = this.#app.composer.use(this.scope, middleware, { ...options, name })
    return this.scope.own('middleware', `outgoing ${name}`.trim(), remove)
  }

  /**
   * Adds an element of its own: wherever `<name …/>` stands in a message, in JSX or in text form, it becomes what
   * the component makes when the message is sent. Give it a type by augmenting `ElementTypes`.
   *
   * @example
   * ```ts
   * ctx.component('weather', async ({ city }) => `${city}: ${await forecast(city)}`)
   * ```
   * @returns Takes it away.
   * @throws MynahError `ELEMENT_INVALID` or `COMPONENT_CONFLICT`.
   */
  component<K extends string>(name: K, component: ElementComponent<K>): Dispose {
    const remove = this.#app.composer.components.add(this.scope, name, component)
    return this.scope.own('component', name, remove)
  }

  /**
   * Declares a command, such as `'ban <user:user> [duration:duration(1m..30d)=10m] [reason:text]'`.
   *
   * @param description - One text, or a function that has one for each language.
   * @throws MynahError `COMMAND_SYNTAX` or `COMMAND_CONFLICT`.
   */
  command<const D extends string>(
    declaration: CheckedDeclaration<D>,
    description: Description = '',
  ): CommandBuilder<ArgumentsOf<D>> {
    return new CommandBuilder(this.#app, this.scope, declaration, description)
  }

  /**
   * Declares a form: questions to one person, one after the other, that go on where they stand after a reload or a
   * restart. Each answer is kept as it comes, where `@mynah/database` is installed.
   *
   * @example
   * ```ts
   * const register = ctx
   *   .form('register', { timeoutMs: 3_600_000 })
   *   .step('name', ask.text('Your name?'))
   *   .step('age', ({ name }) => ask.number(`How old are you, ${name}?`, { min: 0, integer: true }))
   *   .action(({ answers: { name, age } }) => `${name}, ${age}`)
   * ctx.command('register').action(({ session }) => session.form(register))
   * ```
   * @param name - Its name in the plugin, by which an open form is found again.
   * @param options - Hold for each question that says nothing else.
   */
  form(name: string, options: QuestionOptions = {}): FormBuilder {
    return new FormBuilder(this.#app.forms, this.scope, name, options)
  }

  /**
   * Declares what guilds may set of this plugin, once. What a guild has set is kept where `@mynah/database` is installed,
   * by platform and guild, and stays when the plugin goes. Changes are told by the event `guild-settings-changed`.
   *
   * @example
   * ```ts
   * const settings = ctx.guildSettings(z.object({ welcome: z.string().max(200).default('Welcome!') }))
   * ctx.on('guild-member-added', (session) => session.reply(settings.of(session).welcome))
   * ```
   * @param schema - A zod object in which each setting has a default, and is described by `.describe()`.
   * @throws MynahError `SETTING_INVALID` where a setting has none, or the plugin has declared some already.
   */
  guildSettings<S extends z.ZodObject>(schema: S): GuildSettings<S> {
    return this.#app.guildSettings.declare(this.scope, schema)
  }

  /** Adds a type of arguments, whose name is added to {@link ArgumentTypes} by augmentation. @returns Removes it. */
  argument<K extends keyof ArgumentTypes>(name: K, parser: ArgumentParser<ArgumentTypes[K]>): Dispose {
    return this.scope.own('command', `argument type ${name}`, this.#app.argumentTypes.add(name, parser))
  }

  /** Who may do what; commands ask by `.permission()` themselves. */
  get permission(): PermissionAccess {
    return new PermissionAccess(this.scope, this.#app.permissions)
  }

  /**
   * Adds texts, by language and key. People who run the bot can change them under `texts` in the config, as
   * `<plugin>:<key>`.
   *
   * @returns Gives a text in the language of a session.
   * @example
   * ```ts
   * const t = ctx.i18n({ en: { hello: 'Hello {{name}}' }, 'zh-CN': { hello: '你好，{{name}}' } })
   * ctx.command('hello').action(({ session }) => t(session, 'hello', { name: session.user.name ?? '?' }))
   * ```
   */
  i18n<const L extends TextTables>(tables: L): Translator<L> {
    const { texts } = this.#app
    const { name } = this.scope
    this.scope.own('texts', name, texts.add(name, tables))
    return (to, key, ...[values]) => texts.find(name, localeOf(to, texts), key, values)
  }

  /**
   * Tells which language people have chosen, so that everybody is answered in theirs.
   *
   * @returns Stops asking.
   */
  locale(resolver: LocaleResolver): Dispose {
    const ask: LocaleResolver = (event) => {
      try {
        return resolver(event)
      } catch (error) {
        this.scope.fail(error, 'a language')
        return undefined
      }
    }
    return this.scope.own('texts', 'language of people', this.#app.texts.locales.add(ask))
  }

  /**
   * Provides a service to other plugins, or one that each of them has for itself (`perPlugin`). Who depends on it is
   * stopped before it goes.
   *
   * @param options - `replace` takes the place of a service of that name until this plugin stops.
   * @throws MynahError `SERVICE_CONFLICT` when there is one already.
   */
  provide<K extends ServiceName>(
    name: K,
    value: Services[K] | PerPlugin<Services[K]>,
    options: { replace?: boolean } = {},
  ): Dispose {
    return this.scope.own(
      'service',
      name,
      this.#app.services.provide(name, value, this.scope, options.replace),
    )
  }

  /** Adds a plugin below this one: it stops before this one does. */
  plugin<Input>(plugin: Plugin<Input>, config?: Input, options: InstanceOptions = {}): PluginInstance {
    return this.#app.addPlugin(this.scope, plugin, config, options)
  }

  /** Adds an account; called by adapters. @returns Signs it off. */
  addBot(bot: Bot): Dispose {
    return this.#app.addBot(bot, this.scope)
  }

  /**
   * Lets durable messages be kept in a journal for as long as the plugin runs; called by databases.
   *
   * @returns What an operator may do with them.
   * @throws MynahError `SERVICE_CONFLICT` when they are kept somewhere already.
   */
  keepMessages(journal: MessageJournal): StoredMessages {
    return this.#app.keepMessages(journal, this.scope)
  }

  /** Calls back once after `delayMs`, unless the plugin stops before. @returns Cancels it. */
  setTimeout(callback: () => unknown, delayMs: number): Dispose {
    const cancel = this.#app.clock.setTimeout(() => {
      void dispose()
      if (!this.scope.isPaused) void this.scope.run(callback, undefined, 'timer')
    }, delayMs)
    const dispose = this.scope.own('timer', `once in ${delayMs} ms`, cancel)
    return dispose
  }

  /** Calls back every `periodMs` until the plugin stops. @returns Cancels it. */
  setInterval(callback: () => unknown, periodMs: number): Dispose {
    const cancel = this.#app.clock.setInterval(() => {
      if (!this.scope.isPaused) void this.scope.run(callback, undefined, 'timer')
    }, periodMs)
    return this.scope.own('timer', `every ${periodMs} ms`, cancel)
  }

  /**
   * Runs a job by a cron pattern (5 fields, or 6 with seconds in front), or once at an ISO 8601 time.
   *
   * @throws MynahError `CONFIG_INVALID` when the pattern, the time zone or the jitter cannot be read.
   */
  cron(pattern: string, job: (run: JobRun) => unknown, options: CronOptions = {}): Job {
    const { clock, memory, whenReady } = this.#app
    return new ScheduledJob({
      scope: this.scope,
      logger: this.logger,
      clock,
      memory,
      whenReady,
      pattern,
      job,
      options,
    })
  }

  /**
   * Does something at moments that come up while the bot runs, such as reminders that people set in a chat. What was
   * due while the bot was not there is done after the start. What a crash cuts short is done once more.
   *
   * @param name - Names it within the plugin: entries of an earlier run are found by it.
   * @param work - Does what is due; it gets what was given with the entry.
   * @param schema - What that has to be, also when it was stored by an older version.
   */
  agenda<T>(name: string, work: (entry: DueEntry<T>) => unknown, schema?: z.ZodType<T>): Agenda<T> {
    const { clock, memory, whenReady } = this.#app
    return new ScheduledAgenda({
      scope: this.scope,
      logger: this.logger,
      clock,
      memory,
      whenReady,
      name,
      work,
      schema,
    })
  }
}
