import { MynahError } from '@mynah/core'
import type { Endpoint, Endpoints } from '../calls/endpoint.ts'

interface Route {
  readonly name: string
  readonly method: string
  readonly pattern: RegExp
  readonly endpoint: Endpoint
}

/** What a request leads to. */
export type RouteMatch =
  | { readonly route: Route; readonly params: Readonly<Record<string, string>> }
  | { readonly route?: undefined; readonly status: 404 | 405 }

/** Finds the endpoint of a request; fixed path segments win over placeholders. */
export class Router {
  readonly #routes: Route[]

  constructor(endpoints: Endpoints) {
    this.#routes = Object.entries(endpoints)
      .map(([name, endpoint]) => {
        const [method = '', path = ''] = name.split(' ')
        const pattern = new RegExp(`^${path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`)
        return { name, method, pattern, endpoint }
      })
      .sort((a, b) => a.name.split('{').length - b.name.split('{').length)
  }

  match(method: string, path: string): RouteMatch {
    const fitting = this.#routes.filter(({ pattern }) => pattern.test(path))
    const route = fitting.find((candidate) => candidate.method === method)
    if (route === undefined) return { status: fitting.length > 0 ? 405 : 404 }
    const groups = Object.entries(route.pattern.exec(path)?.groups ?? {})
    return { route, params: Object.fromEntries(groups.map(([name, value]) => [name, decode(value)])) }
  }

  /** @throws MynahError `TEST_EXPECTATION` for a route that no endpoint has. */
  assertRoute(name: string): void {
    if (name === '*' || this.#routes.some((route) => route.name === name)) return
    const [, path = ''] = name.split(' ')
    const near = this.#routes.filter((route) => route.name.split('/')[1] === path.split('/')[1])
    throw new MynahError(
      'TEST_EXPECTATION',
      `The platform has no endpoint "${name}". Near ones: ${near.map((route) => route.name).join('; ') || 'none'}.`,
    )
  }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
