import { MynahError } from '../errors/mynah-error.ts'
import type { Scope } from '../lifecycle/scope.ts'
import { Lists } from '../shared/list.ts'

/**
 * Services by name. Packages that provide one add it by augmentation:
 *
 * ```ts
 * declare module '@mynah/core' { interface Services { database: Database } }
 * ```
 */
export interface Services {}

/**
 * Services whose type depends on what a plugin declares; added by augmentation, beside their entry in
 * {@link Services}. `_D` is inferred from what stands in {@link Declarations}.
 */
export interface DeclaredServices<_D> {}

/** Name of a service. */
export type ServiceName = keyof Services & string

/** Somebody whose life depends on services. */
export interface Dependent {
  /** Names of the services it cannot be without. */
  readonly required: readonly string[]
  /** A service it requires came, went or was replaced: it looks again at what it can run on. */
  servicesChanged(): void
}

/** A run that uses a service and has to end before the service goes. */
export interface ServiceUser {
  /** Ends the run; resolves when that is done. */
  release(): Promise<void>
}

/** A service that somebody provides. */
export interface Provision {
  readonly name: string
  readonly value: unknown
  /** Whose service it is. */
  readonly owner: Scope
  /** Who was started with it and still runs. */
  readonly users: Set<ServiceUser>
  /** True from the moment its provider stops; nobody starts with it any more. */
  isLeaving: boolean
  /** True once all who were started with it have ended. */
  isGone: boolean
}

/**
 * Which services there are, who provides them and who depends on them.
 *
 * A plugin never sees a service of somebody who rests on the plugin itself: whoever decorates a service goes on
 * using the one below, and a replacement cannot pull down what it stands on. So users always started after their
 * providers, and stopping them first can neither wait in a circle nor go round in one.
 */
export class ServiceRegistry {
  readonly #provisions = new Lists<Provision>()
  readonly #dependents = new Map<string, Set<Dependent>>()

  /** The service as somebody sees it: the newest that stays and does not rest on them. */
  find(name: string, viewer?: Scope): Provision | undefined {
    return this.#provisions
      .of(name)
      .findLast(
        ({ owner, isLeaving }) =>
          !isLeaving && (viewer === undefined || !(owner === viewer || owner.restsOn(viewer))),
      )
  }

  /** The value of a service, `undefined` when nobody provides it. */
  get(name: string, viewer?: Scope): unknown {
    return this.find(name, viewer)?.value
  }

  /** Whether dependents may use it; false already while its provider stops. */
  has(name: string, viewer?: Scope): boolean {
    return this.find(name, viewer) !== undefined
  }

  /** Names of all services, in the order they came. */
  names(): string[] {
    return this.#provisions.names()
  }

  /**
   * Adds a service and starts who waited for it.
   *
   * @param replace - Take the place of a service of that name; it comes back when this one goes.
   * @returns Stops all who use it, then takes the service away.
   * @throws MynahError `SERVICE_CONFLICT` when it is provided already and `replace` is not set.
   */
  provide(name: string, value: unknown, owner: Scope, replace = false): () => Promise<void> {
    const current = this.#provisions.of(name).at(-1)
    if (current !== undefined && !replace) {
      throw new MynahError(
        'SERVICE_CONFLICT',
        `"${name}" comes from ${current.owner.name}; ${owner.name} wants to provide it too. Remove one of them, or pass { replace: true }.`,
      )
    }
    const provision: Provision = { name, value, owner, users: new Set(), isLeaving: false, isGone: false }
    const remove = this.#provisions.add(name, provision)
    this.#notify(name)
    return () => this.#withdraw(provision, remove)
  }

  async #withdraw(provision: Provision, remove: () => void): Promise<void> {
    const { name, users } = provision
    provision.isLeaving = true
    await Promise.all(Array.from(users, (user) => user.release()))
    provision.isGone = true
    remove()
    this.#notify(name)
  }

  /** Tells a dependent about each change of the services it requires, until the result is called. */
  watch(dependent: Dependent): () => void {
    const { required } = dependent
    for (const name of required) {
      const set = this.#dependents.get(name) ?? new Set()
      this.#dependents.set(name, set.add(dependent))
    }
    return () => {
      for (const name of required) {
        const set = this.#dependents.get(name)
        set?.delete(dependent)
        if (set?.size === 0) this.#dependents.delete(name)
      }
    }
  }

  #notify(name: string): void {
    for (const dependent of Array.from(this.#dependents.get(name) ?? [])) dependent.servicesChanged()
  }
}
