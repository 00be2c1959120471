import { MynahError } from '@mynah/core'
import { trimSlashes } from './request-target.ts'

interface Entry<T> {
  readonly label: string
  readonly value: T
}

/** Values by path and kind (an HTTP method, or a WebSocket), each with the owner who put it there. */
export class RouteTable<T> {
  readonly #paths = new Map<string, Map<string, Entry<T>>>()

  /**
   * @param label - The owner, named when another one wants the same.
   * @returns takes the route away again; harmless when called twice.
   * @throws MynahError `CONFIG_INVALID` for a bad path, `ROUTE_CONFLICT` when the place is taken.
   */
  add(kind: string, path: string, label: string, value: T): () => void {
    if (!/^\/[^?#\s]*$/.test(path)) {
      throw new MynahError(
        'CONFIG_INVALID',
        `${label}: the path "${path}" has to begin with / and hold no ?, # or blank.`,
      )
    }
    const key = trimSlashes(path)
    const kinds = this.#paths.get(key) ?? new Map<string, Entry<T>>()
    const taken = kinds.get(kind)
    if (taken !== undefined) {
      throw new MynahError(
        'ROUTE_CONFLICT',
        `${label} wants ${kind} ${key}, which ${taken.label} has. Give one of them another path.`,
      )
    }
    const entry = { label, value }
    this.#paths.set(key, kinds.set(kind, entry))
    return () => {
      if (kinds.get(kind) !== entry) return
      kinds.delete(kind)
      if (kinds.size === 0 && this.#paths.get(key) === kinds) this.#paths.delete(key)
    }
  }

  find(kind: string, path: string): Entry<T> | undefined {
    return this.#paths.get(path)?.get(kind)
  }

  /** All paths, in the order they came. */
  get paths(): string[] {
    return [...this.#paths.keys()]
  }

  /** The kinds a path has; empty when nobody has the path. */
  kinds(path: string): string[] {
    return [...(this.#paths.get(path)?.keys() ?? [])]
  }
}
