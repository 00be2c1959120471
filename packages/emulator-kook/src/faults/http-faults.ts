/** Something that goes wrong with an HTTP call. */
export type KookHttpFault =
  /** A plain HTTP failure; the call is not carried out. */
  | { kind: 'status'; status: number; body?: string; contentType?: string }
  /** An envelope with a code other than 0; the call is not carried out. */
  | { kind: 'refuse'; code: number; message?: string; status?: number }
  /** A 429; the call is not carried out. `resetSeconds` defaults to 1. */
  | { kind: 'rate-limit'; resetSeconds?: number; global?: boolean }
  /** The connection breaks before the call is carried out. */
  | { kind: 'drop' }
  /** The call is carried out, then the connection breaks without an answer. */
  | { kind: 'lose-answer' }
  /** Nothing is carried out and no answer ever comes. */
  | { kind: 'hang' }
  /** The call is carried out; the answer comes `delayMs` later. */
  | { kind: 'late'; delayMs: number }

interface Plan {
  readonly matches: (method: string, path: string) => boolean
  readonly fault: KookHttpFault
  left: number
}

/** What goes wrong next, in the order it was planned. */
export class HttpFaults {
  readonly #plans: Plan[] = []

  /** @param times - How many calls it hits; `Infinity` until {@link clear}. */
  plan(route: string, fault: KookHttpFault, times: number): void {
    this.#plans.push({ matches: routeMatcher(route), fault, left: times })
  }

  take(method: string, path: string): KookHttpFault | undefined {
    const plan = this.#plans.find((candidate) => candidate.left > 0 && candidate.matches(method, path))
    if (plan !== undefined) plan.left -= 1
    return plan?.fault
  }

  clear(): void {
    this.#plans.length = 0
  }
}

/** Reads `POST /message/create`, `message/create` or `*`. */
export function routeMatcher(route: string): (method: string, path: string) => boolean {
  const [first = '', second] = route.trim().split(/\s+/)
  const wantedMethod = second === undefined ? undefined : first.toUpperCase()
  const wantedPath = (second ?? first).replace(/^\//, '')
  return (method, path) =>
    (wantedMethod === undefined || wantedMethod === method) && (wantedPath === '*' || wantedPath === path)
}
