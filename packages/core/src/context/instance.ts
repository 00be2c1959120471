import { MynahError } from '../errors/mynah-error.ts'
import { type EffectInfo, type Filter, Scope, type ScopeState } from '../lifecycle/scope.ts'
import { type Clock, settlesWithin } from '../shared/clock.ts'
import { checkConfig } from './check-config.ts'
import type { Plugin } from './plugin.ts'
import type { Dependent, ServiceRegistry } from './services.ts'

/** What instances need of the app they run in. */
export interface InstanceHost {
  readonly clock: Clock
  readonly services: ServiceRegistry
  /** How long `setup` may take in ms. */
  readonly setupLimitMs: number
  /** How long running handlers may go on after a stop in ms. */
  readonly graceMs: number
  /** Makes the object that `setup` receives. */
  createContext(scope: Scope, instance: PluginInstance): object
  /** Something failed in a plugin. */
  onError(error: unknown, instance: PluginInstance, where: string): void
  /** An instance changed its state. */
  onState(instance: PluginInstance): void
}

/** How a plugin is added. */
export interface InstanceOptions {
  /** Name of this instance, where there are several of one plugin. @defaultValue the plugin's name */
  readonly name?: string
  /** Which events the plugin may see. @defaultValue all */
  readonly when?: Filter | undefined
}

/**
 * A plugin with one config, from the moment it is added until it is removed. It has a {@link Scope} while
 * what it requires is there; starts and stops follow each other strictly.
 */
export class PluginInstance implements Dependent {
  readonly name: string
  readonly #host: InstanceHost
  #plugin: Plugin
  #config: unknown
  #scope: Scope | undefined
  #state: ScopeState = 'pending'
  #error: unknown
  #isWanted = true
  #isStale = false
  #work: Promise<void> = Promise.resolve()
  #isWorking = false
  #unwatch: () => void
  #when: Filter | undefined
  /** What one run of the plugin leaves for the next. */
  readonly hotData: Record<string, unknown> = {}

  constructor(host: InstanceHost, plugin: Plugin, config: unknown, options: InstanceOptions = {}) {
    this.name = options.name ?? plugin.name
    this.#when = options.when
    this.#host = host
    this.#plugin = plugin
    this.#config = config
    this.#unwatch = host.services.watch(this)
  }

  get plugin(): Plugin {
    return this.#plugin
  }

  /** The config as it was given, before the schema. */
  get config(): unknown {
    return this.#config
  }

  /** Which events the plugin may see; all when absent. */
  get when(): Filter | undefined {
    return this.#when
  }

  get required(): readonly string[] {
    return this.#plugin.required
  }

  get state(): ScopeState {
    return this.#state
  }

  /** Why it failed, when {@link state} is `failed`. */
  get error(): unknown {
    return this.#error
  }

  /** The current scope; `undefined` while it waits, and after it has stopped or failed. */
  get scope(): Scope | undefined {
    return this.#scope
  }

  /** What the plugin holds right now. */
  effects(): EffectInfo[] {
    return this.#scope?.effects() ?? []
  }

  /** Names of required services that nobody provides. */
  get missing(): string[] {
    return this.required.filter((name) => !this.#host.services.has(name))
  }

  /** Waits until it has started, failed, stopped, or knows that it has to wait for a service. Never rejects. */
  async settled(): Promise<ScopeState> {
    await this.#reconcile()
    return this.#state
  }

  /** Puts another version or another config in place; the old scope has stopped before the new one starts. */
  async replace(plugin: Plugin, config: unknown, when?: Filter): Promise<ScopeState> {
    this.#unwatch()
    this.#plugin = plugin
    this.#config = config
    this.#when = when
    this.#unwatch = this.#host.services.watch(this)
    return this.restart()
  }

  /** Stops and starts again. */
  async restart(): Promise<ScopeState> {
    this.#isStale = true
    return this.settled()
  }

  /** Removes the instance for good. */
  async dispose(): Promise<void> {
    this.#isWanted = false
    this.#unwatch()
    this.#scope?.abort()
    await this.#reconcile()
  }

  async servicesChanged(): Promise<void> {
    if (this.#state === 'stopping') return
    this.#isStale = true
    await this.#reconcile()
  }

  #reconcile(): Promise<void> {
    if (!this.#isWorking) this.#work = this.#settle()
    return this.#work
  }

  async #settle(): Promise<void> {
    this.#isWorking = true
    try {
      for (;;) {
        const canRun = this.#isWanted && this.missing.length === 0
        if (this.#scope !== undefined && (this.#isStale || !canRun)) {
          await this.#stop(this.#scope)
        } else if (canRun && this.#scope === undefined && (this.#isStale || this.#state === 'pending')) {
          await this.#start()
        } else {
          if (!this.#isWanted) this.#setState('stopped')
          else if (!canRun) this.#setState('pending')
          return
        }
      }
    } finally {
      // At once, or a call that comes before somebody awaits the end would do nothing.
      this.#isWorking = false
    }
  }

  async #start(): Promise<void> {
    this.#isStale = false
    const scope = new Scope({
      name: this.name,
      clock: this.#host.clock,
      when: this.#when,
      onError: (error, where) => this.#host.onError(error, this, where),
    })
    this.#scope = scope
    this.#error = undefined
    this.#setState('starting')
    try {
      await this.#setup(scope)
      scope.state = 'active'
      this.#setState('active')
    } catch (error) {
      await scope.stop()
      scope.state = 'failed'
      this.#scope = undefined
      this.#error = error
      const wasStopped = scope.signal.aborted && MynahError.is(error) && error.code === 'PLUGIN_STOPPED'
      this.#setState(wasStopped ? 'pending' : 'failed')
      if (!wasStopped) this.#host.onError(error, this, 'setup')
    }
  }

  async #setup(scope: Scope): Promise<void> {
    const config = checkConfig(this.#plugin, this.#config)
    const context = this.#host.createContext(scope, this)
    const running = this.#plugin.start(context, config)
    if (!(running instanceof Promise)) return
    const limit = this.#host.setupLimitMs
    const inTime = await settlesWithin(
      this.#host.clock,
      Promise.race([running, aborted(scope.signal)]),
      limit,
    )
    if (!inTime) {
      running.catch(() => {})
      throw new MynahError(
        'PLUGIN_SETUP_TIMEOUT',
        `${this.name} did not finish setup within ${limit} ms; do long work after setup, or in the background.`,
      )
    }
    if (scope.signal.aborted) {
      running.catch(() => {})
      scope.signal.throwIfAborted()
    }
    await running
  }

  async #stop(scope: Scope): Promise<void> {
    this.#setState('stopping')
    scope.abort()
    await scope.drain(this.#host.graceMs)
    await scope.stop()
    this.#scope = undefined
    this.#setState('pending')
  }

  #setState(state: ScopeState): void {
    if (this.#state === state) return
    this.#state = state
    this.#host.onState(this)
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
