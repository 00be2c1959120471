import type { RestRequest } from './rest-types.ts'

/** Where a call goes. */
export interface RestUrl {
  readonly href: string
  /** What errors and logs may show: no query, and no origin for the platform's own. */
  readonly shown: string
  /** Whether it is the platform's own origin, which alone gets the credentials. */
  readonly own: boolean
}

/** @param path - Appended to the base, or an absolute URL that the platform gave. */
export function buildUrl(baseUrl: string, path: string, query: RestRequest['query'] = {}): RestUrl {
  const absolute = /^https?:\/\//i.test(path)
  const url = new URL(absolute ? path : `${baseUrl.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`)
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.append(name, String(value))
  }
  const own = url.origin === new URL(baseUrl).origin
  const plainPath = path.split('?')[0] ?? ''
  return {
    href: url.href,
    own,
    shown: absolute ? url.origin + url.pathname : `/${plainPath.replace(/^\/+/, '')}`,
  }
}
