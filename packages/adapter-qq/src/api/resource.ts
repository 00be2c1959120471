import type { CallOptions, HttpApi } from '../http.ts'

/** Method and path of a call, with placeholders for ids: `GET /guilds/{guild_id}`. */
type Route = `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`

/** Calls of the OpenAPI, mostly about one subject. */
export abstract class Resource {
  protected readonly http: HttpApi

  /** @param http - Makes the calls. */
  constructor(http: HttpApi) {
    this.http = http
  }

  /**
   * Makes a call.
   *
   * @param ids - What is put in the place of the placeholders, in their order.
   */
  protected call<T>(
    route: Route,
    ids: readonly (string | number)[] = [],
    options: Omit<CallOptions, 'path'> = {},
  ): Promise<T> {
    const [method = '', path = ''] = route.split(' ')
    const names = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = '']) => name)
    const values = Object.fromEntries(names.map((name, index) => [name, ids[index] ?? '']))
    return this.http.call<T>(method, path, { ...options, path: values })
  }

  /** Asks for a list; the platform writes `null` for one that is empty. */
  protected async listOf<T>(
    route: Route,
    ids: readonly string[] = [],
    options: Omit<CallOptions, 'path'> = {},
  ): Promise<readonly T[]> {
    return (await this.call<readonly T[] | null>(route, ids, options)) ?? []
  }
}
