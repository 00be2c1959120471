import { MynahError } from '../errors/mynah-error.ts'

/**
 * Services by name. Packages that provide one add it by augmentation:
 *
 * ```ts
 * declare module '@mynah/core' { interface Services { database: Database } }
 * ```
 */
export interface Services {}

/** Name of a service. */
export type ServiceName = keyof Services & string

/** Somebody whose life depends on services. */
export interface Dependent {
  readonly name: string
  /** Names of the services it cannot be without. */
  readonly required: readonly string[]
  /** A service it requires came, went or was replaced; resolves when it has adapted. */
  servicesChanged(): Promise<void>
}

interface Provision {
  readonly value: unknown
  readonly provider: string
}

/** Which services there are, who provides them and who depends on them. */
export class ServiceRegistry {
  readonly #provisions = new Map<string, Provision[]>()
  readonly #leaving = new Set<string>()
  readonly #dependents = new Map<string, Set<Dependent>>()

  /** The value of a service, `undefined` when nobody provides it. */
  get(name: string): unknown {
    return this.#provisions.get(name)?.at(-1)?.value
  }

  /** Whether dependents may use it; false already while its provider stops. */
  has(name: string): boolean {
    return this.#provisions.has(name) && !this.#leaving.has(name)
  }

  /** Name of the plugin that provides it. */
  provider(name: string): string | undefined {
    return this.#provisions.get(name)?.at(-1)?.provider
  }

  /** Names of all services, in the order they came. */
  names(): string[] {
    return Array.from(this.#provisions.keys())
  }

  /**
   * Adds a service and starts who waited for it.
   *
   * @param replace - Take the place of a service of that name; it comes back when this one goes.
   * @returns Stops all dependents, then takes the service away.
   * @throws MynahError `SERVICE_CONFLICT` when it is provided already and `replace` is not set.
   */
  provide(name: string, value: unknown, provider: string, replace = false): () => Promise<void> {
    const stack = this.#provisions.get(name) ?? []
    const current = stack.at(-1)
    if (current !== undefined && !replace) {
      throw new MynahError(
        'SERVICE_CONFLICT',
        `"${name}" comes from ${current.provider}; ${provider} wants to provide it too. Remove one of them, or pass { replace: true }.`,
      )
    }
    const provision: Provision = { value, provider }
    this.#provisions.set(name, [...stack, provision])
    this.#notify(name).catch(() => {})
    return () => this.#withdraw(name, provision)
  }

  async #withdraw(name: string, provision: Provision): Promise<void> {
    const isCurrent = this.#provisions.get(name)?.at(-1) === provision
    if (isCurrent) {
      this.#leaving.add(name)
      await this.#notify(name)
      this.#leaving.delete(name)
    }
    const rest = this.#provisions.get(name)?.filter((other) => other !== provision) ?? []
    if (rest.length > 0) this.#provisions.set(name, rest)
    else this.#provisions.delete(name)
    if (isCurrent && rest.length > 0) this.#notify(name).catch(() => {})
  }

  /** Tells a dependent about each change of the services it requires, until the result is called. */
  watch(dependent: Dependent): () => void {
    for (const name of dependent.required) {
      const set = this.#dependents.get(name) ?? new Set()
      this.#dependents.set(name, set.add(dependent))
    }
    return () => {
      for (const name of dependent.required) {
        const set = this.#dependents.get(name)
        set?.delete(dependent)
        if (set?.size === 0) this.#dependents.delete(name)
      }
    }
  }

  async #notify(name: string): Promise<void> {
    await Promise.all(
      Array.from(this.#dependents.get(name) ?? [], (dependent) => dependent.servicesChanged()),
    )
  }
}
