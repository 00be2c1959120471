import { MynahError } from '../errors/mynah-error.ts'
import type { Scope } from '../lifecycle/scope.ts'
import { isPerPlugin, type ServiceHolder } from './per-plugin.ts'
import type { Plugin } from './plugin.ts'
import type { Provision, ServiceRegistry } from './services.ts'

/** The services of one run of a plugin. */
export class HeldServices {
  /** Those that it was started with and cannot be without, by name. */
  readonly bound: ReadonlyMap<string, Provision>
  readonly #registry: ServiceRegistry
  readonly #holder: ServiceHolder
  /** What was made for this plugin alone. */
  readonly #own = new Map<Provision, unknown>()

  constructor(registry: ServiceRegistry, name: string, { required, declares }: Plugin) {
    this.#registry = registry
    this.#holder = { name, declares }
    const found = required.map((service) => [service, registry.find(service)] as const)
    this.bound = new Map(found.flatMap(([service, held]) => (held === undefined ? [] : [[service, held]])))
  }

  /**
   * A service as the plugin sees it now.
   *
   * @throws MynahError `PLUGIN_STOPPED` to a handler that outlived its plugin, when the service has gone for good.
   */
  get(name: string, viewer: Scope): unknown {
    const bound = this.bound.get(name)
    const provision = bound?.isGone === false ? bound : this.#registry.find(name, viewer)
    if (provision !== undefined) return this.#valueOf(provision)
    if (bound === undefined) return undefined
    throw new MynahError(
      'PLUGIN_STOPPED',
      `${this.#holder.name} was reloaded while it waited, and the service "${name}" has gone since; ask again.`,
    )
  }

  #valueOf(provision: Provision): unknown {
    const { value } = provision
    if (!isPerPlugin(value)) return value
    if (!this.#own.has(provision)) this.#own.set(provision, value.create(this.#holder))
    return this.#own.get(provision)
  }
}

/**
 * Makes ready what a version of a plugin declares, while another one may run.
 *
 * @returns `undefined` where there is nothing to make ready.
 */
export function prepareServices(
  registry: ServiceRegistry,
  name: string,
  { required, optional, declares }: Plugin,
  viewer?: Scope,
): Promise<void> | undefined {
  const services = [...required, ...optional].map((service) => registry.get(service, viewer))
  const preparations = services.filter(isPerPlugin).flatMap(({ prepare }) => prepare ?? [])
  if (preparations.length === 0) return undefined
  return Promise.all(preparations.map((prepare) => prepare({ name, declares }))).then(() => {})
}
