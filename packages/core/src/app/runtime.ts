import type { MessageJournal } from '../bot/message-journal.ts'
import type { Bot } from '../bot/bot.ts'
import type { BotRegistry } from '../bot/bot-registry.ts'
import type { StoredMessages } from '../bot/stored-messages.ts'
import { ArgumentTable } from '../command/arguments.ts'
import type { CommandIssue } from '../command/command-table.ts'
import { CommandRegistry } from '../command/registry.ts'
import { type AnswerSettings, CommandRunner } from '../command/runner.ts'
import { readDuration } from '../command/time.ts'
import { Composer, type Sent } from '../compose/composer.ts'
import { Context } from '../context/context.ts'
import type { ContextHost } from '../context/context-host.ts'
import { Dispatcher } from '../dispatch/dispatcher.ts'
import { type AppEvents, ListenerTable } from '../dispatch/listeners.ts'
import { MynahError } from '../errors/mynah-error.ts'
import { type Addressing, readAddress } from '../event/address.ts'
import type { Incoming } from '../event/incoming.ts'
import type { FormTable } from '../form/form-table.ts'
import type { GuildSettingsTable } from '../guild/guild-settings-table.ts'
import { Texts } from '../i18n/texts.ts'
import { Place } from '../lifecycle/place.ts'
import { type Dispose, Scope } from '../lifecycle/scope.ts'
import { type AppLogger, createLogger } from '../log/logger.ts'
import { MessageLog } from '../log/message-log.ts'
import { type Content, type Element, toElements } from '../message/element.ts'
import { MiddlewareChain } from '../middleware/middleware-chain.ts'
import type { ChatEvents } from '../model/event.ts'
import type { FailedReceipt, Receipt } from '../model/receipt.ts'
import { compileGrants } from '../permission/grant.ts'
import { PermissionTable } from '../permission/permission.ts'
import { type InstanceHost, type InstanceOptions, PluginInstance } from '../plugin/instance.ts'
import { isPlugin } from '../plugin/plugin.ts'
import { PluginFolders } from '../plugin/plugin-folders.ts'
import { ServiceRegistry } from '../plugin/services.ts'
import { explainWaiting, waitingPlugins, WaitingWatch } from '../plugin/waiting.ts'
import { type Clock, settlesWithin, systemClock } from '../shared/clock.ts'
import { deferred } from '../shared/deferred.ts'
import { TraceRing } from '../trace/trace.ts'
import { Accounts } from './accounts.ts'
import { Answers } from './answers.ts'
import { makeKept } from './kept.ts'
import { Memory } from './memory.ts'
import { OwnMessages } from './own-messages.ts'
import { Reports } from './reports.ts'
import type { AppOptions } from './options.ts'
import { type AppSettings, readSettings } from './settings.ts'

/** The parts of an app, and how they hang together. Only the app holds it, and contexts by what they need of it. */
export class Runtime implements ContextHost, InstanceHost {
  readonly logger: AppLogger
  readonly clock: Clock
  readonly setupLimitMs: number
  readonly disposeLimitMs: number
  readonly swapGraceMs: number
  addressing: Addressing = { prefixes: [], nicknames: [] }
  answers: AnswerSettings = {}
  readonly services: ServiceRegistry = new ServiceRegistry()
  readonly listeners: ListenerTable = new ListenerTable()
  readonly middleware: MiddlewareChain = new MiddlewareChain()
  readonly traces: TraceRing = new TraceRing()
  readonly texts: Texts
  readonly commands: CommandRegistry
  readonly argumentTypes: ArgumentTable
  readonly permissions: PermissionTable
  readonly reports: Reports
  readonly dispatcher: Dispatcher
  readonly accounts: Accounts
  readonly composer: Composer
  readonly forms: FormTable
  readonly guildSettings: GuildSettingsTable
  /** Owns what belongs to no plugin. */
  readonly root: Scope
  readonly memory: Memory
  readonly instances: Set<PluginInstance> = new Set()
  readonly #started = deferred()
  readonly #folders = new PluginFolders(this.instances)
  readonly #answers: Answers
  readonly #ownMessages = new OwnMessages()
  readonly #waitingWatch: WaitingWatch
  readonly #graceMs: number
  /** Level of the logger where the settings have none. */
  readonly #ownLevel: string
  /** When the handlers that ran at the stop have had their time, in ms of the monotonic clock. */
  #graceEndsAt: number | undefined
  #messageLog: MessageLog | undefined
  /** Which of the issues about commands have been told. */
  #toldIssues: ReadonlySet<string> = new Set()
  #isReady = false

  constructor(options: AppOptions) {
    const { logger = createLogger(), clock = systemClock } = options
    this.logger = logger
    this.#ownLevel = logger.level
    this.clock = clock
    this.setupLimitMs = options.setupLimitMs ?? 30_000
    this.#graceMs = options.graceMs ?? 10_000
    this.disposeLimitMs = options.disposeLimitMs ?? 10_000
    this.swapGraceMs = options.swapGraceMs ?? 3000
    this.memory = new Memory(this.services, clock, (error, where) => this.reports.failed(error, 'app', where))
    this.texts = new Texts(this.memory)
    const { listeners, texts } = this
    this.commands = new CommandRegistry(clock, this.memory)
    this.argumentTypes = new ArgumentTable(clock)
    this.permissions = new PermissionTable(clock)
    this.reports = new Reports(clock, logger, listeners)
    this.root = new Scope({
      name: 'app',
      clock,
      disposeLimitMs: this.disposeLimitMs,
      onError: (error, where) => this.reports.failed(error, 'app', where),
    })
    this.dispatcher = this.#makeDispatcher()
    const { reports, dispatcher, memory } = this
    this.accounts = new Accounts({
      clock,
      logger,
      listeners,
      reports,
      memory,
      inbox: dispatcher,
      onDelivered: (bot, channelId, receipt) => this.#ownMessages.add(bot, channelId, receipt),
      composer: () => this.composer,
    })
    this.composer = new Composer({
      clock,
      outbox: this.accounts.outbox,
      readDuration,
      onSent: (sent, receipt) => this.#onSent(sent, receipt),
      onUnread: (sent, receipt) => this.#onUnread(sent, receipt),
    })
    const { forms, guildSettings } = makeKept({
      clock,
      memory: this.memory,
      texts,
      bots: this.bots,
      prompts: dispatcher.prompts,
      root: this.root,
      settled: () => this.settled(),
      onDeclared: () => dispatcher.prepare(),
      onChanged: (change) => this.emit('guild-settings-changed', change),
      warn: (plugin, text) => logger.warn({ plugin }, text),
      services: this.services,
    })
    this.forms = forms
    this.guildSettings = guildSettings
    const unlisten = listeners.add('message-settled', {
      scope: this.root,
      listener: ({ event }: { readonly event: ChatEvents['message-settled'] }) =>
        this.#ownMessages.settled(event),
      when: undefined,
      where: 'own messages',
      remove: undefined,
    })
    this.root.own('listener', 'message-settled', unlisten)
    this.#waitingWatch = new WaitingWatch(
      clock,
      () => waitingPlugins(this.instances),
      (waiting) => logger.warn({ plugin: waiting.plugin }, explainWaiting(waiting)),
    )
    const runner = new CommandRunner(this)
    const { composer, middleware, root } = this
    this.#answers = new Answers({
      composer,
      middleware,
      texts,
      root,
      usageOf: (command) => {
        const known = this.commands.table.get(command)
        return known && `${runner.prefix}${known.name}`
      },
      runCommand: (message) => runner.run(message),
    })
    this.configure(options)
  }

  #makeDispatcher(): Dispatcher {
    const { clock, logger, listeners, traces, texts, reports } = this
    return new Dispatcher({
      clock,
      logger,
      listeners,
      traces,
      texts,
      readAddress: (event) => readAddress(event, this.addressing, (id) => this.#ownMessages.has(event, id)),
      isAboutOwn: (event) => event.message !== undefined && this.#ownMessages.has(event, event.message.id),
      memory: this.memory,
      prepare: () => this.memory.load(),
      botOf: ({ platform, selfId }) => this.bots.get(`${platform}:${selfId}`),
      onMessageIn: (incoming) => this.#onMessageIn(incoming),
      onMessageDone: (incoming) => this.#messageLog?.handled(incoming),
      onMessage: (incoming) => this.#answers.answer(incoming),
      onLost: (incoming, command) => this.#answers.lost(incoming, command),
      onOutcome: (incoming) => this.#answers.observe(incoming),
      onOverdue: (event, scope, what, deadlineMs) => reports.overdue(event, scope, what, deadlineMs),
      onPrompt: (event, isWaiting) => listeners.tell('prompt-state', { event, isWaiting }),
    })
  }

  get bots(): BotRegistry {
    return this.accounts.bots
  }

  get whenReady(): Promise<void> {
    return this.#started.promise
  }

  get isReady(): boolean {
    return this.#isReady
  }

  /** How long running handlers may still go on when their plugin stops, in ms: the app's stop grants it once for all. */
  get graceMs(): number {
    if (this.#graceEndsAt === undefined) return this.#graceMs
    return Math.max(0, this.#graceEndsAt - this.clock.monotonic())
  }

  /** Changes settings. @throws MynahError `CONFIG_INVALID`; nothing is changed then. */
  configure(written: AppSettings): void {
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
    this.reports.configure(settings.breaker)
    this.logger.level = log.level ?? this.#ownLevel
    this.#messageLog = log.messages === true ? new MessageLog(this.logger) : undefined
  }

  /** Logs what is wanted of commands, cannot be, and has not been told yet. */
  tellCommandIssues(): void {
    for (const { plugin, message } of this.takeUntoldIssues()) this.logger.warn({ plugin }, message)
  }

  /** What is told about commands now, and not again. */
  takeUntoldIssues(): CommandIssue[] {
    const { issues } = this.commands.table
    const told = this.#toldIssues
    this.#toldIssues = new Set(issues.map(({ message }) => message))
    return issues.filter(({ message }) => !told.has(message))
  }

  /** Resolves when no plugin starts or stops any more: each runs, has failed, or waits for a service. */
  async settled(): Promise<void> {
    for (;;) {
      const busy = Array.from(this.instances).filter(({ isSettling }) => isSettling)
      if (busy.length === 0) return
      await Promise.all(busy.map((instance) => instance.settled()))
    }
  }

  /** All plugins have started, failed, or wait. */
  ready(): void {
    this.#waitingWatch.reportAll()
    this.tellCommandIssues()
    this.#isReady = true
    this.#started.resolve()
    this.emit('ready', {})
  }

  /** Takes nothing new in, lets running handlers end, and removes all plugins, newest first. */
  async stop(): Promise<void> {
    this.#graceEndsAt = this.clock.monotonic() + this.#graceMs
    this.emit('stopping', {})
    const sending = settlesWithin(this.clock, this.accounts.close(), this.#graceMs)
    const isDone = await settlesWithin(this.clock, this.dispatcher.close(), this.#graceMs)
    await sending
    if (!isDone) {
      this.logger.warn(
        `${this.dispatcher.running} handlers were still running after ${this.#graceMs} ms; they are given up`,
      )
    }
    await this.root.stop()
    this.dispatcher.giveUp()
    this.#waitingWatch.stop()
    this.composer.stop()
    this.reports.stop()
  }

  emit<K extends keyof AppEvents>(name: K, payload: AppEvents[K]): void {
    this.listeners.tell(name, payload)
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

  addPlugin(scope: Scope, plugin: unknown, config: unknown, options: InstanceOptions): PluginInstance {
    if (!isPlugin(plugin)) {
      throw new MynahError(
        'PLUGIN_INVALID',
        `${options.name ?? 'It'} is not what definePlugin() returns; export that as default.`,
      )
    }
    const instance = new PluginInstance(this, scope, plugin, config, options)
    this.instances.add(instance)
    this.#folders.changed()
    scope.own('plugin', instance.name, async () => {
      await instance.dispose()
      this.instances.delete(instance)
      this.#folders.changed()
    })
    void instance.settled()
    return instance
  }

  /** Puts plugins into an order among each other; others stay where they are. */
  arrange(instances: readonly PluginInstance[]): boolean {
    const places = instances.map(({ place }) => place).filter((place) => place.isBelow(this.root.place))
    if (!Place.arrange(places)) return false
    this.middleware.arrange()
    this.composer.arrange()
    this.commands.changed()
    return true
  }

  keepMessages(journal: MessageJournal, scope: Scope): StoredMessages {
    return this.accounts.keepMessages(journal, scope)
  }

  addBot(bot: Bot, scope: Scope): Dispose {
    return this.accounts.add(bot, scope)
  }

  createContext(scope: Scope, instance: PluginInstance, service: (name: string) => unknown): Context {
    const { required, optional } = instance.plugin
    return new Context(this, scope, [...required, ...optional], service, instance.hotData)
  }

  runUnheld<T>(scope: Scope, work: () => T): T {
    return this.composer.gate.run(scope, work)
  }

  onError(error: unknown, instance: PluginInstance, where: string): void {
    this.reports.pluginFailed(error, instance, where)
  }

  onState(instance: PluginInstance): void {
    this.#waitingWatch.stateChanged(instance)
    this.#folders.changed()
    if (this.#isReady && instance.state === 'active') this.tellCommandIssues()
    this.emit('plugin-state', { plugin: instance.name, state: instance.state })
  }

  #onMessageIn(incoming: Incoming): void {
    this.#messageLog?.came(incoming)
    this.composer.came(incoming.event)
  }

  #onSent({ kind, bot, channelId, content, messageId, options: { event } }: Sent, receipt: Receipt): void {
    if (kind !== 'edit') this.#ownMessages.add(bot, channelId, receipt)
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
    const failure = MynahError.from(error, 'SEND_FAILED')
    if (sender === undefined) this.reports.failed(failure, 'app', where)
    else sender.fail(failure, event === undefined ? where : `replying to ${event.type}`)
  }
}

/** What was to be sent; nothing where it is no content. */
function elementsOf(content: Content): Element[] {
  try {
    return toElements(content)
  } catch {
    return []
  }
}
