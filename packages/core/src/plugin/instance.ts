import { MynahError } from '../errors/mynah-error.ts'
import type { Filter } from '../filter/combine.ts'
import type { Place } from '../lifecycle/place.ts'
import { Scope, type ScopeState } from '../lifecycle/scope.ts'
import { type Clock, settlesWithin } from '../shared/clock.ts'
import { deferred } from '../shared/deferred.ts'
import { checkConfig } from './check-config.ts'
import { HeldServices, prepareServices } from './held-services.ts'
import type { Plugin } from './plugin.ts'
import type { Dependent, Provision, ServiceRegistry, ServiceUser } from './services.ts'

/** What instances need of the app they run in. */
export interface InstanceHost {
  readonly clock: Clock
  readonly services: ServiceRegistry
  /** How long `setup` may take in ms. */
  readonly setupLimitMs: number
  /** How long running handlers may go on after a stop in ms. */
  readonly graceMs: number
  /** The same where the plugin starts again at once and messages wait for it, in ms. */
  readonly swapGraceMs: number
  /** How long one clean-up step may take in ms. */
  readonly disposeLimitMs: number
  /** Makes the object that `setup` receives; `service` reads what the plugin injects. */
  createContext(scope: Scope, instance: PluginInstance, service: (name: string) => unknown): object
  /** Runs the setup or the clean-up of a plugin, so that nothing in it waits for who waits for the plugin. */
  runUnheld<T>(scope: Scope, work: () => T): T
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

/** One life of an instance: its scope and the services it was started with. */
interface Run {
  readonly scope: Scope
  readonly services: HeldServices
  /** When its handlers have had their time in a swap, in ms of the monotonic clock; set when they are told to end. */
  graceEndsAt: number | undefined
  /** Lets the providers go on; nothing of the run is left. */
  readonly end: () => void
}

/**
 * A plugin with one config, from the moment it is added until it is removed. It has a {@link Scope} while
 * what it requires is there; starts and stops follow each other strictly.
 */
export class PluginInstance implements Dependent {
  /** Name of the instance, which is the plugin's where there is one of it. */
  readonly name: string
  /** Where it stands among the others, whatever becomes of it. */
  readonly place: Place
  readonly #host: InstanceHost
  readonly #parent: Scope
  #plugin: Plugin
  #config: unknown
  #when: Filter | undefined
  #run: Run | undefined
  #state: ScopeState = 'pending'
  #error: unknown
  /** Services of a start that failed; it is worth another try once one of them has gone. */
  #failedWith: readonly Provision[] = []
  #isWanted = true
  #isStale = false
  #isHeld = false
  #isSettling = false
  #work: Promise<void> = Promise.resolve()
  #unwatch: () => void
  /** What one run of the plugin leaves for the next. */
  readonly hotData: Record<string, unknown> = {}

  /** @param parent - Scope of the plugin that added it; it has to outlive the instance. */
  constructor(
    host: InstanceHost,
    parent: Scope,
    plugin: Plugin,
    config: unknown,
    options: InstanceOptions = {},
  ) {
    this.name = options.name ?? plugin.name
    this.place = parent.place.below()
    this.#when = options.when
    this.#host = host
    this.#parent = parent
    this.#plugin = plugin
    this.#config = config
    this.#unwatch = host.services.watch(this)
  }

  /** The version that runs, or is to run. */
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

  /** Services that it cannot run without. */
  get required(): readonly string[] {
    return this.#plugin.required
  }

  /** What it does now. */
  get state(): ScopeState {
    return this.#state
  }

  /** Why it failed, when {@link state} is `failed`. */
  get error(): unknown {
    return this.#error
  }

  /** The current scope; `undefined` while it waits, and after it has stopped or failed. */
  get scope(): Scope | undefined {
    return this.#run?.scope
  }

  /** True while it starts or stops. */
  get isSettling(): boolean {
    return this.#isSettling
  }

  /** Names of required services that nobody provides. */
  get missing(): string[] {
    return this.required.filter((name) => !this.#host.services.has(name, this.#run?.scope))
  }

  /** Waits until it has started, failed, stopped, or knows that it has to wait for a service. Never rejects. */
  async settled(): Promise<ScopeState> {
    await this.#reconcile()
    return this.#state
  }

  /** Lets what runs in it end before it is swapped, as long as that may take; all that it registered stays meanwhile. */
  async drain(): Promise<void> {
    const run = this.#run
    if (run === undefined || this.#state !== 'active') return
    run.scope.abort()
    await this.#drain(run)
  }

  /** Stops it; it does not start again before {@link replace} is called. */
  async hold(): Promise<void> {
    this.#isHeld = true
    this.#run?.scope.abort()
    await this.#reconcile()
  }

  /** Puts another version or another config in place; the old scope has stopped before the new one starts. */
  async replace(plugin: Plugin, config: unknown, when?: Filter): Promise<ScopeState> {
    if (!this.#isWanted) return this.#state
    this.#isHeld = false
    this.#unwatch()
    this.#plugin = plugin
    this.#config = config
    this.#when = when
    this.#unwatch = this.#host.services.watch(this)
    return this.restart()
  }

  /** Stops and starts again; a start that is under way is given up. */
  async restart(): Promise<ScopeState> {
    this.#isStale = true
    this.#run?.scope.abort()
    return this.settled()
  }

  /** Removes the instance for good. */
  async dispose(): Promise<void> {
    this.#isWanted = false
    this.#unwatch()
    this.#run?.scope.abort()
    await this.#reconcile()
  }

  /** Services came or went: starts or stops it where that matters. */
  servicesChanged(): void {
    if (this.#state === 'failed' && this.#failedWith.some(({ isLeaving }) => isLeaving)) this.#isStale = true
    void this.#reconcile()
  }

  #reconcile(): Promise<void> {
    if (!this.#isSettling) {
      this.#isSettling = true
      this.#work = this.#settle()
    }
    return this.#work
  }

  async #settle(): Promise<void> {
    for (;;) {
      const run = this.#run
      if (run !== undefined) {
        if (!this.#isStale && !this.#isOutdated(run)) break
        await this.#stop(run)
      } else if (this.#canStart()) {
        await this.#start()
      } else {
        break
      }
    }
    if (!this.#isWanted) this.#setState('stopped')
    else if (this.#run === undefined && (this.#isStale || this.#state !== 'failed')) this.#setState('pending')
    // In the same breath as the last look, so that whatever changes from here on is looked at again.
    this.#isSettling = false
  }

  #canStart(): boolean {
    return (
      this.#isWanted &&
      !this.#isHeld &&
      !this.#parent.signal.aborted &&
      (this.#isStale || this.#state !== 'failed') &&
      this.missing.length === 0
    )
  }

  #isOutdated({ scope, services }: Run): boolean {
    if (!this.#isWanted || this.#isHeld || scope.signal.aborted) return true
    for (const [name, provision] of services.bound) {
      if (this.#host.services.find(name, scope) !== provision) return true
    }
    return false
  }

  async #start(): Promise<void> {
    this.#isStale = false
    this.#error = undefined
    const run = this.#makeRun()
    const { scope } = run
    this.#run = run
    this.#setState('starting')
    try {
      await this.#setup(run)
      scope.state = 'active'
      this.#setState('active')
    } catch (error) {
      const wasStopped = scope.signal.aborted
      await this.#stop(run)
      if (wasStopped) return
      scope.state = 'failed'
      this.#error = error
      this.#failedWith = Array.from(run.services.bound.values())
      this.#setState('failed')
      this.#host.onError(error, this, 'setup')
    }
  }

  /** Binds the services: their providers wait for this run before they go. */
  #makeRun(): Run {
    const services = new HeldServices(this.#host.services, this.name, this.#plugin)
    const provisions = Array.from(services.bound.values())
    const scope = new Scope({
      name: this.name,
      clock: this.#host.clock,
      place: this.place,
      disposeLimitMs: this.#host.disposeLimitMs,
      when: this.#when,
      restsOn: [this.#parent, ...provisions.map(({ owner }) => owner)],
      onError: (error, where) => this.#host.onError(error, this, where),
    })
    const ended = deferred()
    const user: ServiceUser = {
      release: () => {
        scope.abort()
        void this.#reconcile()
        return ended.promise
      },
    }
    for (const { users } of provisions) users.add(user)
    const end = (): void => {
      for (const { users } of provisions) users.delete(user)
      ended.resolve()
    }
    return { scope, services, graceEndsAt: undefined, end }
  }

  /**
   * Makes ready what a version declares, while another one may run.
   *
   * @returns Nothing where nothing has to be made ready. Rejects with what a service has against it; the version
   * cannot start then.
   */
  prepare(plugin: Plugin): Promise<void> | undefined {
    return prepareServices(this.#host.services, this.name, plugin, this.#run?.scope)
  }

  async #setup({ scope, services }: Run): Promise<void> {
    const config = checkConfig(this.#plugin, this.#config)
    const context = this.#host.createContext(scope, this, (name) => services.get(name, scope))
    const preparing = this.prepare(this.#plugin)
    if (preparing !== undefined) {
      // It has limits of its own: a change of tables may take longer than a setup.
      await Promise.race([preparing, aborted(scope.signal)])
      scope.signal.throwIfAborted()
    }
    const running = this.#host.runUnheld(scope, () => this.#plugin.start(context, config))
    if (running instanceof Promise) {
      const limit = this.#host.setupLimitMs
      const ending = Promise.race([running, aborted(scope.signal)])
      if (!(await settlesWithin(this.#host.clock, ending, limit))) {
        running.catch(() => {})
        throw new MynahError(
          'PLUGIN_SETUP_TIMEOUT',
          `${this.name} did not finish setup within ${limit} ms; do long work after setup, or in the background.`,
        )
      }
      if (scope.signal.aborted) running.catch(() => {})
      else await running
    }
    scope.signal.throwIfAborted()
  }

  async #stop(run: Run): Promise<void> {
    const { scope, end } = run
    this.#setState('stopping')
    scope.abort()
    await this.#drain(run)
    await this.#host.runUnheld(scope, () => scope.stop())
    this.#run = undefined
    end()
  }

  async #drain(run: Run): Promise<void> {
    const { clock, graceMs, swapGraceMs } = this.#host
    if (!this.#isWanted) return void (await run.scope.drain(graceMs))
    run.graceEndsAt ??= clock.monotonic() + swapGraceMs
    await run.scope.drain(Math.max(0, run.graceEndsAt - clock.monotonic()))
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
