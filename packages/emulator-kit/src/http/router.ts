import { MynahError } from '@mynah/core'

interface Route<E> {
  /** `METHOD /path/{placeholder}` */
  readonly name: string
  readonly method: string
  readonly path: string
  readonly pattern: RegExp
  readonly endpoint: E
}

/** What a request leads to. */
export type RouteMatch<E> =
  /** An endpoint, with the placeholders of the path, decoded. */
  | {
      readonly route: Pick<Route<E>, 'name' | 'endpoint'>
      readonly params: Readonly<Record<string, string>>
    }
  /** None, and the HTTP status that says so. */
  | { readonly route?: undefined; readonly status: 404 | 405 }

/** Finds the endpoint of a request; fixed path segments win over placeholders. */
export class Router<E> {
  readonly #routes: readonly Route<E>[]

  /** @param endpoints - By `METHOD /path/{placeholder}`. */
  constructor(endpoints: Readonly<Record<string, E>>) {
    this.#routes = Object.entries(endpoints)
      .map(([name, endpoint]) => {
        const { method = '', path } = readRoute(name)
        const pattern = new RegExp(`^${path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`)
        return { name: `${method} ${path}`, method, path, pattern, endpoint }
      })
      .sort((a, b) => a.name.split('{').length - b.name.split('{').length)
  }

  /** @param path - Begins with a slash. */
  match(method: string, path: string): RouteMatch<E> {
    const fitting = this.#routes.filter(({ pattern }) => pattern.test(path))
    const route = fitting.find((candidate) => candidate.method === method)
    if (route === undefined) return { status: fitting.length > 0 ? 405 : 404 }
    const groups = Object.entries(route.pattern.exec(path)?.groups ?? {})
    return { route, params: Object.fromEntries(groups.map(([name, value]) => [name, decode(value)])) }
  }

  /**
   * Reads what a test calls routes by: `METHOD /path/{placeholder}`, the path alone, or `*` for any.
   *
   * @returns Whether the name of a route is meant.
   * @throws MynahError `TEST_EXPECTATION` for a route that no endpoint has.
   */
  select(selector: string): (name: string | undefined) => boolean {
    if (selector === '*') return () => true
    const { method, path } = readRoute(selector)
    const meant = this.#routes.filter(
      (route) => route.path === path && (method === undefined || route.method === method),
    )
    if (meant.length === 0) throw this.#unknown(selector, path)
    const names = new Set<string | undefined>(meant.map(({ name }) => name))
    return (name) => names.has(name)
  }

  #unknown(selector: string, path: string): MynahError {
    const near = this.#routes.filter((route) => route.path.split('/')[1] === path.split('/')[1])
    return new MynahError(
      'TEST_EXPECTATION',
      `The platform has no endpoint "${selector}". Near ones: ${near.map(({ name }) => name).join('; ') || 'none'}.`,
    )
  }
}

function readRoute(text: string): { method: string | undefined; path: string } {
  const [first = '', second] = text.trim().split(/\s+/)
  return { method: second === undefined ? undefined : first.toUpperCase(), path: withSlash(second ?? first) }
}

const withSlash = (path: string): string => (path.startsWith('/') ? path : `/${path}`)

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
