/** Where a request goes: the path without trailing slashes (but `/` itself), and the query. */
export interface RequestTarget {
  /** Decoded, without the query. */
  readonly path: string
  /** What stands behind the `?`. */
  readonly query: URLSearchParams
}

/** Takes the target of a request line apart; also takes the absolute form that proxies send. */
export function parseRequestTarget(target: string): RequestTarget {
  const local = target.replace(/^https?:\/\/[^/?]*/i, '')
  const mark = local.indexOf('?')
  const path = mark < 0 ? local : local.slice(0, mark)
  return {
    path: trimSlashes(path),
    query: new URLSearchParams(mark < 0 ? '' : local.slice(mark + 1)),
  }
}

/** Removes trailing slashes, so that `/onebot/` and `/onebot` are one path. */
export function trimSlashes(path: string): string {
  let end = path.length
  while (end > 0 && path[end - 1] === '/') end -= 1
  return end === 0 ? '/' : path.slice(0, end)
}
