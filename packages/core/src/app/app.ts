import type { Bot } from '../bot/bot.ts'
import type { BotRegistry } from '../bot/bot-registry.ts'
import type { CommandIssue } from '../command/command-table.ts'
import { Context } from '../context/context.ts'
import { helpPlugin } from '../context/help-plugin.ts'
import type { AppEvents, EventName, Listener, ListenerOptions } from '../dispatch/listeners.ts'
import type { Dispose } from '../lifecycle/scope.ts'
import type { AppLogger } from '../log/logger.ts'
import type { InstanceOptions, PluginInstance } from '../plugin/instance.ts'
import type { Plugin } from '../plugin/plugin.ts'
import type { ServiceName, Services } from '../plugin/services.ts'
import { systemClock } from '../shared/clock.ts'
import { Inspection } from './inspect.ts'
import type { AppOptions } from './options.ts'
import { Runtime } from './runtime.ts'
import type { AppSettings } from './settings.ts'
import { type Swap, swapPlugins, type SwapReport } from './swap.ts'

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
export class App implements AsyncDisposable {
  /** What can be seen of the app, for tools and tests. */
  readonly inspect: Inspection
  readonly #runtime: Runtime
  readonly #context: Context
  #hold: NodeJS.Timeout | undefined
  #stopping: Promise<void> | undefined

  /** @throws MynahError `CONFIG_INVALID` when settings cannot be read. */
  constructor(options: AppOptions = {}) {
    this.#runtime = new Runtime(options)
    this.inspect = new Inspection(this.#runtime)
    this.#context = new Context(this.#runtime, this.#runtime.root, [], () => undefined, {})
    this.plugin(helpPlugin(this.#runtime))
    this.#runtime.tellCommandIssues()
    this.#runtime.root.state = 'active'
  }

  /** Where the app and its plugins write. */
  get logger(): AppLogger {
    return this.#runtime.logger
  }

  /** The accounts that are signed in. */
  get bots(): BotRegistry {
    return this.#runtime.bots
  }

  /** All instances of plugins, in the order in which they were added. */
  get instances(): ReadonlySet<PluginInstance> {
    return this.#runtime.instances
  }

  /** True once `ready` has been emitted. */
  get isReady(): boolean {
    return this.#runtime.isReady
  }

  /** A service of one of the plugins; `undefined` while there is none. Plugins inject it. */
  service<K extends ServiceName>(name: K): Services[K] | undefined {
    // `provide` takes only what the name stands for.
    return this.#runtime.services.get(name) as Services[K] | undefined
  }

  /** Adds a plugin. */
  plugin<Input>(plugin: Plugin<Input>, config?: Input, options: InstanceOptions = {}): PluginInstance {
    return this.#context.plugin(plugin, config, options)
  }

  /**
   * Puts plugins that were added to the app into an order among each other, in which their middlewares run and their
   * commands go before one another; without it, it is that in which they were added. Others stay where they are, and
   * plugins that were added by a plugin stand right behind it.
   *
   * @returns Whether that changed anything.
   */
  arrange(instances: readonly PluginInstance[]): boolean {
    return this.#runtime.arrange(instances)
  }

  /**
   * Adds an account for as long as the app runs; adapters use `ctx.addBot`.
   *
   * @returns Signs it off.
   * @throws MynahError `PLUGIN_INVALID` for what is no account; `SERVICE_CONFLICT` when it is there already.
   */
  addBot(bot: Bot): Dispose {
    return this.#context.addBot(bot)
  }

  /** Listens to an event for as long as the app runs; plugins use `ctx.on`. @returns Stops listening. */
  on<K extends EventName>(name: K, listener: Listener<K>, options: ListenerOptions = {}): Dispose {
    return this.#context.on(name, listener, options)
  }

  /** Tells the listeners of an app event. Chat events come from bots alone. */
  emit<K extends keyof AppEvents>(name: K, payload: AppEvents[K]): void {
    this.#runtime.emit(name, payload)
  }

  /**
   * Changes settings; those that are left out go back to their defaults.
   *
   * @returns What they want of commands and cannot be; it is logged, too.
   * @throws MynahError `CONFIG_INVALID`; nothing is changed then.
   */
  configure(settings: AppSettings): readonly CommandIssue[] {
    this.#runtime.configure(settings)
    this.#runtime.tellCommandIssues()
    return this.inspect.commandIssues
  }

  /**
   * Puts new versions or configs in the place of running plugins, without losing an event.
   *
   * @param settings - Are changed in the same step, so that plugins and config may exchange names.
   * @throws MynahError `CONFIG_INVALID` when settings cannot be read; nothing is changed then.
   */
  async swap(swaps: readonly Swap[], settings?: AppSettings): Promise<SwapReport> {
    if (settings !== undefined) this.#runtime.configure(settings)
    const results = await swapPlugins(this.#runtime, swaps)
    if (settings === undefined) {
      this.#runtime.tellCommandIssues()
      return { results, issues: [] }
    }
    // The report tells them.
    this.#runtime.takeUntoldIssues()
    return { results, issues: this.inspect.commandIssues }
  }

  /** Keeps new events waiting until the result is called, as while plugins are swapped; holds add up. */
  hold(): () => void {
    return this.#runtime.dispatcher.hold()
  }

  /** Resolves when no plugin starts or stops any more: each runs, has failed, or waits for a service. */
  settled(): Promise<void> {
    return this.#runtime.settled()
  }

  /** Resolves when no event is queued or being handled, apart from handlers that wait for a person's answer. */
  idle(): Promise<void> {
    return this.#runtime.dispatcher.idle()
  }

  /**
   * Waits until every plugin has started, failed, or knows what it waits for, and says who waits. The process lives
   * from here until {@link stop}, also while the bot only waits: for a platform that is away, for its next job.
   */
  async start(): Promise<void> {
    // A clock of a test holds no process either.
    if (this.#runtime.clock === systemClock) this.#hold ??= setInterval(() => {}, holdPeriodMs)
    await this.settled()
    this.#runtime.ready()
  }

  /**
   * Takes nothing new in, lets running handlers end (at most `graceMs`), then removes all plugins, newest
   * first. Calling it again waits for the first call.
   */
  stop(): Promise<void> {
    this.#stopping ??= this.#runtime.stop().then(() => clearInterval(this.#hold))
    return this.#stopping
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  /** Reports an error that nobody awaited, in the name of the plugin it came from. */
  reportUnowned(error: unknown, where: string): void {
    const owner = this.#runtime.ownerOf(error)
    if (owner === undefined) this.#runtime.reports.failed(error, 'app', where)
    else this.#runtime.onError(error, owner, where)
  }
}
