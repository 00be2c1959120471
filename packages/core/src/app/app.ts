import type { BotHost } from '../adapter/bot-host.ts'
import { Delivery } from '../adapter/delivery/delivery.ts'
import { LocalBot } from '../adapter/local-bot.ts'
import type { Bot } from '../bot/bot.ts'
import { connectHatches, type Hatches } from './hatches.ts'
import { BotRegistry } from '../bot/bot-registry.ts'
import type { Inbox } from '../bot/hatches.ts'
import type { SendOptions } from '../bot/send-options.ts'
import { Composer, type Sent } from '../compose/composer.ts'
import type { FailedReceipt, Receipt } from '../model/receipt.ts'
import type { Addressing } from '../command/address.ts'
import { ArgumentTable } from '../command/arguments.ts'
import { CommandRegistry } from '../command/registry.ts'
import { type AnswerSettings, CommandRunner } from '../command/runner.ts'
import type { CommandIssue } from '../command/command-table.ts'
import { isSilent } from '../command/command.ts'
import { type InstanceHost, type InstanceOptions, PluginInstance } from '../plugin/instance.ts'
import { isPlugin, type Plugin } from '../plugin/plugin.ts'
import { ServiceRegistry } from '../plugin/services.ts'
import { explainWaiting, type WaitingPlugin, waitingPlugins, WaitingWatch } from '../plugin/waiting.ts'
import { MynahError } from '../errors/mynah-error.ts'
import { thrownError } from '../errors/thrown.ts'
import { Texts } from '../i18n/texts.ts'
import { type Dispose, Scope } from '../lifecycle/scope.ts'
import { type Content, type Element, toElements } from '../message/element.ts'
import type { Answer, MessageIncoming } from '../middleware/middleware.ts'
import { MiddlewareChain } from '../middleware/middleware.ts'
import type { ChatEvent, ChatEvents } from '../model/event.ts'
import { compileGrants } from '../permission/grant.ts'
import { PermissionTable } from '../permission/permission.ts'
import { Dispatcher } from '../dispatch/dispatcher.ts'
import type { Incoming } from '../event/incoming.ts'
import {
  type AppEvents,
  type EventName,
  type Listener,
  type ListenerOptions,
  ListenerTable,
} from '../dispatch/listeners.ts'
import { PromptError } from '../prompt/prompt-error.ts'
import { Session } from '../session/session.ts'
import { TraceRing } from '../trace/trace.ts'
import { type Clock, settlesWithin, systemClock } from '../shared/clock.ts'
import { Tallies } from '../shared/tallies.ts'
import { Breaker } from '../plugin/breaker.ts'
import { Context, type ContextHost } from '../context/context.ts'
import { logFailure } from '../log/failure.ts'
import { helpPlugin } from '../context/help-plugin.ts'
import { type AppLogger, createLogger } from '../log/logger.ts'
import { MessageLog } from '../log/message-log.ts'
import { PluginFolders } from '../plugin/plugin-folders.ts'
import { type AppSettings, readSettings } from './settings.ts'
import { type Swap, swapPlugins, type SwapReport } from './swap.ts'

/** How an app is made. */
export interface AppOptions extends AppSettings {
  /** @defaultValue JSON lines on stderr, level `info` */
  readonly logger?: AppLogger
  /** @defaultValue the clock of the machine */
  readonly clock?: Clock
  /** How long `setup` of a plugin may take in ms. @defaultValue 30000 */
  readonly setupLimitMs?: number
  /** How long running handlers may go on when their plugin or the app stops, in ms. @defaultValue 10000 */
  readonly graceMs?: number
  /** How long one clean-up step of a plugin may take in ms. @defaultValue 10000 */
  readonly disposeLimitMs?: number
  /**
   * How long messages wait for running handlers when a plugin is swapped, in ms; handlers that take longer go
   * on beside the new version. @defaultValue 3000
   */
  readonly swapGraceMs?: number
}

/** The timer that keeps the process alive does nothing, so seldom. */
const holdPeriodMs = 2 ** 30

/**
 * A bot program: plugins, the accounts they are connected to, and the way of events between them.
 *
 * @example
 * ```ts
 * const app = new App()
 * app.plugin(sandbox)
 * app.plugin(dice, { sides: 20 })
 * await app.start()
 * ```
 */
export class App implements ContextHost, InstanceHost, BotHost, AsyncDisposable {
  readonly logger: AppLogger
  readonly clock: Clock
  readonly setupLimitMs: number
  readonly disposeLimitMs: number
  readonly swapGraceMs: number
  addressing: Addressing = { prefixes: [], nicknames: [] }
  readonly bots: BotRegistry = new BotRegistry()
  readonly services: ServiceRegistry = new ServiceRegistry()
  readonly listeners: ListenerTable = new ListenerTable()
  readonly middleware: MiddlewareChain = new MiddlewareChain()
  readonly commands: CommandRegistry
  readonly argumentTypes: ArgumentTable
  /** What was decided about the latest messages. */
  readonly traces: TraceRing = new TraceRing()
  readonly texts: Texts
  readonly permissions: PermissionTable
  answers: AnswerSettings = {}
  readonly composer: Composer
  readonly inbox: Inbox
  readonly dispatcher: Dispatcher
  /** Owns what belongs to no plugin. */
  readonly root: Scope
  readonly #runCommand: (message: MessageIncoming) => Answer | Promise<Answer>
  readonly #context: Context
  readonly #waitingWatch: WaitingWatch
  readonly #tallies: Tallies
  readonly #accounts = new Map<string, LocalBot>()
  readonly #delivery: Delivery
  readonly #hatches: Hatches
  #messageLog: MessageLog | undefined
  readonly #breaker: Breaker
  readonly #instances = new Set<PluginInstance>()
  readonly #folders = new PluginFolders(this.#instances)
  /** Which of the issues about commands have been told. */
  #toldIssues: ReadonlySet<string> = new Set()
  readonly #graceMs: number
  /** Level of the logger where the settings have none. */
  readonly #ownLevel: string
  /** When the handlers that ran at the stop have had their time, in ms of the monotonic clock. */
  #graceEndsAt: number | undefined
  #isReady = false
  #hold: NodeJS.Timeout | undefined
  #stopping: Promise<void> | undefined

  constructor(options: AppOptions = {}) {
    this.logger = options.logger ?? createLogger()
    this.#ownLevel = this.logger.level
    this.clock = options.clock ?? systemClock
    this.setupLimitMs = options.setupLimitMs ?? 30_000
    this.#graceMs = options.graceMs ?? 10_000
    this.disposeLimitMs = options.disposeLimitMs ?? 10_000
    this.swapGraceMs = options.swapGraceMs ?? 3000
    this.commands = new CommandRegistry(this.clock)
    this.argumentTypes = new ArgumentTable(this.clock)
    this.permissions = new PermissionTable(this.clock)
    this.texts = new Texts()
    this.root = new Scope({
      name: 'app',
      clock: this.clock,
      disposeLimitMs: this.disposeLimitMs,
      onError: (error, where) => this.#report(error, 'app', where),
    })
    this.dispatcher = new Dispatcher({
      clock: this.clock,
      logger: this.logger,
      listeners: this.listeners,
      traces: this.traces,
      texts: this.texts,
      botOf: ({ platform, selfId }) => this.bots.get(`${platform}:${selfId}`),
      onMessageIn: (incoming) => this.#messageLog?.came(incoming),
      onMessageDone: (incoming) => this.#messageLog?.handled(incoming),
      onMessage: (incoming) => this.#onMessage(incoming),
      onOverdue: (event, scope, what, deadlineMs) => this.#onOverdue(event, scope, what, deadlineMs),
      onPrompt: (event, isWaiting) => this.emit('prompt-state', { event, isWaiting }),
    })
    this.#tallies = new Tallies(this.clock)
    this.#delivery = new Delivery(this.clock, (key) => this.#accounts.get(key))
    this.#hatches = connectHatches(this.dispatcher, this.#delivery)
    this.inbox = this.#hatches.inbox
    this.composer = new Composer({
      clock: this.clock,
      outbox: this.#hatches.outbox,
      onSent: (sent, receipt) => this.#onSent(sent, receipt),
      onUnread: (sent, receipt) => this.#onUnread(sent, receipt),
    })
    this.#breaker = new Breaker({
      clock: this.clock,
      onPause: ({ instance: { name }, failures, pauseMs }) => {
        this.logger.warn(
          { plugin: name, failures, pauseMs },
          `Plugin ${name} has failed ${failures} times in a short while; it sees nothing for the next ${pauseMs} ms`,
        )
        this.emit('plugin-paused', { plugin: name, failures, pauseMs })
      },
      onResume: ({ name }) => {
        this.logger.info(
          { plugin: name },
          `Plugin ${name} is no longer paused; its next failure pauses it again`,
        )
        this.emit('plugin-resumed', { plugin: name })
      },
    })
    this.#waitingWatch = new WaitingWatch(
      this.clock,
      () => this.waiting(),
      (waiting) => this.logger.warn({ plugin: waiting.plugin }, explainWaiting(waiting)),
    )
    this.configure(options)
    const runner = new CommandRunner(this)
    this.#runCommand = (message) => runner.run(message)
    this.#context = new Context(this, this.root, [], () => undefined, {})
    this.plugin(helpPlugin(this))
    this.root.state = 'active'
  }

  /**
   * Changes settings; those that are left out go back to their defaults.
   *
   * @returns What they want of commands and cannot be; it is logged, too.
   * @throws MynahError `CONFIG_INVALID`; nothing is changed then.
   */
  configure(settings: AppSettings): readonly CommandIssue[] {
    this.#configure(settings)
    this.#tellCommandIssues()
    return this.commands.table.issues
  }

  #configure(written: AppSettings): void {
    const settings = readSettings(written)
    const { prefix, nicknames, answers, log, rights, superusers } = settings
    this.commands.configure(settings.commands)
    const permissions = Object.entries(rights).map(([name, grants]) => [name, compileGrants(grants)] as const)
    this.permissions.configure(superusers, new Map(permissions))
    this.addressing = { prefixes: prefix, nicknames }
    this.answers = answers
    for (const key of this.texts.configure(settings)) {
      this.logger.warn(
        { key },
        `There is no text "${key}" to change; texts of plugins are written plugin:key`,
      )
    }
    this.dispatcher.setLimits(settings.limits)
    this.#breaker.configure(settings.breaker)
    this.logger.level = log.level ?? this.#ownLevel
    this.#messageLog = log.messages === true ? new MessageLog(this.logger, () => this.addressing) : undefined
  }

  /** Logs what has not been told yet. */
  #tellCommandIssues(): void {
    for (const { plugin, message } of this.#untoldIssues()) this.logger.warn({ plugin }, message)
  }

  /** What is told now. */
  #untoldIssues(): CommandIssue[] {
    const { issues } = this.commands.table
    const told = this.#toldIssues
    this.#toldIssues = new Set(issues.map(({ message }) => message))
    return issues.filter(({ message }) => !told.has(message))
  }

  /** Adds a plugin. */
  plugin<Input>(plugin: Plugin<Input>, config?: Input, options: InstanceOptions = {}): PluginInstance {
    return this.#context.plugin(plugin, config, options)
  }

  /** Listens to an event for as long as the app runs; plugins use `ctx.on`. @returns Stops listening. */
  on<K extends EventName>(name: K, listener: Listener<K>, options: ListenerOptions = {}): Dispose {
    return this.#context.on(name, listener, options)
  }

  /** All instances of plugins, in the order in which they were added. */
  get instances(): ReadonlySet<PluginInstance> {
    return this.#instances
  }

  /** Plugins that cannot start yet, and why. */
  waiting(): WaitingPlugin[] {
    return waitingPlugins(this.#instances)
  }

  /**
   * Puts new versions or configs in the place of running plugins, without losing an event.
   *
   * @param settings - Are changed in the same step, so that plugins and config may exchange names.
   * @throws MynahError `CONFIG_INVALID` when settings cannot be read; nothing is changed then.
   */
  async swap(swaps: readonly Swap[], settings?: AppSettings): Promise<SwapReport> {
    if (settings !== undefined) {
      this.#configure(settings)
      this.#untoldIssues()
    }
    const results = await swapPlugins(this.dispatcher, swaps)
    if (settings === undefined) {
      this.#tellCommandIssues()
      return { results, issues: [] }
    }
    this.#untoldIssues()
    return { results, issues: this.commands.table.issues }
  }

  /** How long running handlers may still go on when their plugin stops, in ms: the app's stop grants it once for all. */
  get graceMs(): number {
    if (this.#graceEndsAt === undefined) return this.#graceMs
    return Math.max(0, this.#graceEndsAt - this.clock.monotonic())
  }

  /** True once `ready` has been emitted. */
  get isReady(): boolean {
    return this.#isReady
  }

  /** Resolves when no plugin starts or stops any more: each runs, has failed, or waits for a service. */
  async settled(): Promise<void> {
    for (;;) {
      const busy = Array.from(this.#instances).filter(({ isSettling }) => isSettling)
      if (busy.length === 0) return
      await Promise.all(busy.map((instance) => instance.settled()))
    }
  }

  /**
   * Waits until every plugin has started, failed, or knows what it waits for, and says who waits. The process lives
   * from here until {@link stop}, also while the bot only waits: for a platform that is away, for its next job.
   */
  async start(): Promise<void> {
    // A clock of a test holds no process either.
    if (this.clock === systemClock) this.#hold ??= setInterval(() => {}, holdPeriodMs)
    await this.settled()
    this.#waitingWatch.reportAll()
    this.#tellCommandIssues()
    this.#isReady = true
    this.emit('ready', {})
  }

  /** Resolves when no event is queued or being handled, apart from handlers that wait for a person's answer. */
  idle(): Promise<void> {
    return this.dispatcher.idle()
  }

  /**
   * Takes nothing new in, lets running handlers end (at most `graceMs`), then removes all plugins, newest
   * first. Calling it again waits for the first call.
   */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    this.#graceEndsAt = this.clock.monotonic() + this.#graceMs
    this.emit('stopping', {})
    const isDone = await settlesWithin(this.clock, this.dispatcher.close(), this.#graceMs)
    if (!isDone) {
      this.logger.warn(
        `${this.dispatcher.running} handlers were still running after ${this.#graceMs} ms; they are given up`,
      )
    }
    await this.root.stop()
    this.dispatcher.giveUp()
    clearInterval(this.#hold)
    this.#waitingWatch.stop()
    this.composer.stop()
    this.#tallies.stop()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  /** Tells the listeners of an app event. */
  emit<K extends keyof AppEvents>(name: K, payload: AppEvents[K]): void {
    for (const entry of this.listeners.of(name)) {
      if (entry.scope.isPaused) continue
      entry.remove?.()
      // `on` files a listener only under the names whose payload it accepts.
      void entry.scope.run(entry.listener as (payload: AppEvents[K]) => unknown, payload, entry.where)
    }
  }

  /** The plugin whose code an error came through. */
  ownerOf(error: unknown): PluginInstance | undefined {
    try {
      return this.#folders.of(error)
    } catch {
      // An error whose fields cannot be read tells nobody where it came from.
      return undefined
    }
  }

  /** Reports an error that nobody awaited, in the name of the plugin it came from. */
  reportUnowned(error: unknown, where: string): void {
    const owner = this.ownerOf(error)
    if (owner === undefined) this.#report(error, 'app', where)
    else this.onError(error, owner, where)
  }

  // What the parts of the app call. Plugins have `ctx` for all of it.

  /** @throws MynahError `PLUGIN_INVALID`. */
  addPlugin(scope: Scope, plugin: unknown, config: unknown, options: InstanceOptions): PluginInstance {
    if (!isPlugin(plugin)) {
      throw new MynahError(
        'PLUGIN_INVALID',
        `${options.name ?? 'It'} is not what definePlugin() returns; export that as default.`,
      )
    }
    const instance = new PluginInstance(this, scope, plugin, config, options)
    this.#instances.add(instance)
    this.#folders.changed()
    scope.own('plugin', instance.name, async () => {
      await instance.dispose()
      this.#instances.delete(instance)
      this.#folders.changed()
    })
    void instance.settled()
    return instance
  }

  /** Adds an account for as long as the app runs; adapters use `ctx.addBot`. @returns Signs it off. */
  addBot(account: Bot, scope: Scope = this.root): Dispose {
    if (!LocalBot.is(account)) {
      throw new MynahError(
        'PLUGIN_INVALID',
        `${account.key} does not extend LocalBot of '@mynah/core/adapter'.`,
      )
    }
    const bot = this.#hatches.botOf(account, this)
    const forget = this.bots.add(bot)
    this.#accounts.set(account.key, account)
    account.attach(this)
    this.emit('bot-added', { bot })
    return scope.own('bot', account.key, async () => {
      await account.stop()
      account.setStatus('offline')
      forget()
      this.#accounts.delete(account.key)
      this.emit('bot-removed', { bot })
    })
  }

  createContext(scope: Scope, instance: PluginInstance, service: (name: string) => unknown): Context {
    return new Context(
      this,
      scope,
      [...instance.plugin.required, ...instance.plugin.optional],
      service,
      instance.hotData,
    )
  }

  onError(error: unknown, instance: PluginInstance, where: string): void {
    this.#report(error, instance.name, where)
    this.#breaker.failed(instance, error)
  }

  onState(instance: PluginInstance): void {
    this.#waitingWatch.stateChanged(instance)
    this.#folders.changed()
    if (this.#isReady && instance.state === 'active') this.#tellCommandIssues()
    this.emit('plugin-state', { plugin: instance.name, state: instance.state })
  }

  now(): number {
    return this.clock.now()
  }

  send(bot: Bot, channelId: string, content: Content, options: SendOptions | undefined): Promise<Receipt> {
    return this.composer.send(bot, channelId, content, options)
  }

  edit(bot: Bot, channelId: string, messageId: string, content: Content): Promise<void> {
    return this.composer.edit(bot, channelId, messageId, content)
  }

  #onSent({ kind, bot, channelId, content, messageId, options: { event } }: Sent, receipt: Receipt): void {
    this.#messageLog?.sent(bot, channelId, content, receipt)
    if (this.listeners.of('message-out').length === 0) return
    this.emit('message-out', {
      kind,
      bot,
      channelId,
      content: elementsOf(content),
      messageId,
      event,
      receipt,
    })
  }

  #onUnread({ bot, channelId, options: { event, sender } }: Sent, { error }: FailedReceipt): void {
    const where = `sending to ${channelId} of ${bot.key}`
    if (sender === undefined) this.#report(error, 'app', where)
    else sender.fail(error, event === undefined ? where : `replying to ${event.type}`)
  }

  statusChanged(account: LocalBot): void {
    this.#delivery.statusChanged(account)
    this.logger.info({ bot: account.key }, `${account.key} is ${account.status}`)
    const bot = this.bots.get(account.key)
    if (bot !== undefined) this.emit('bot-status', { bot })
  }

  #onMessage(incoming: Incoming): void | Promise<unknown> {
    const { event } = incoming
    if (!isMessage(event)) return undefined
    const answer = this.middleware.run({ incoming, event }, this.#runCommand)
    if (answer instanceof Promise) return this.#replyLater(incoming, answer)
    return isSilent(answer) ? undefined : this.#reply(incoming, answer)
  }

  async #replyLater(incoming: Incoming, coming: Promise<Answer>): Promise<void> {
    const answer = await coming
    if (!isSilent(answer)) await this.#reply(incoming, answer)
  }

  async #reply(incoming: Incoming, answer: Answer): Promise<void> {
    const { event } = incoming
    const session = new Session(incoming, incoming.doerScope ?? this.root, event)
    const receipt = await session.reply(answer ?? '')
    this.composer.ignored(receipt)
    if (receipt.status !== 'failed' || receipt.error.code !== 'SEND_TOO_LONG') return
    this.composer.ignored(await session.reply(this.texts.translateFor(event, 'command.too-much')))
  }

  eventsRefused(bot: LocalBot, reason: string, count: number): void {
    this.emit('events-refused', { bot: bot.key, reason, count })
    this.#tallies.add(
      `refused ${bot.key} ${reason}`,
      (times) => {
        const what = times === 1 ? '1 event was' : `${times} events were`
        this.logger.error({ bot: bot.key, count: times }, `${what} not handled: ${reason}`)
      },
      count,
    )
  }

  #onOverdue({ platformType, id }: ChatEvent, { name }: Scope, what: string, deadlineMs: number): void {
    this.#tallies.add(`overdue ${name} ${what}`, (times) => {
      const often = times === 1 ? '' : `, for ${times} events`
      this.logger.warn(
        { event: platformType, id, plugin: name },
        `Plugin ${name}: ${what} has been running for more than ${deadlineMs} ms${often}`,
      )
    })
  }

  #report(error: unknown, plugin: string, where: string): void {
    const key = `failed ${plugin} ${where} ${thrownError(error).message.slice(0, 200)}`
    this.#tallies.add(key, (times) => logFailure(this.logger, { error, plugin, where, times }))
    if (!PromptError.is(error)) this.emit('plugin-error', { plugin, error, where })
  }
}

function isMessage(event: ChatEvent): event is ChatEvents['message-created'] {
  return event.user !== undefined && event.channel !== undefined && event.message !== undefined
}

/** What was to be sent; nothing where it is no content. */
function elementsOf(content: Content): Element[] {
  try {
    return toElements(content)
  } catch {
    return []
  }
}
