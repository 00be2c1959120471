import type { Clock, Logger } from '@mynah/core'
import type { HttpResult, ServerRequest } from './http-message.ts'

/** The same reason is told no more often than this, in ms. */
const repeatMs = 60_000
/** So many different reasons are told within that time. */
const maxReasons = 20
const maxPath = 100

const words: Readonly<Record<number, string>> = {
  401: 'its token or signature is missing',
  403: 'its token or signature is wrong',
  404: 'nobody serves this path',
  405: 'the path takes other methods',
  408: 'its body did not come in time',
  413: 'its body is larger than the route takes',
  426: 'the path takes WebSockets only',
  503: 'too much is under way',
}

interface Told {
  at: number
  /** Refusals since, which were not told. */
  since: number
}

/**
 * Tells an operator who was turned away and why: a `warn` line a minute for each reason, the rest at debug.
 * Neither queries nor headers nor bodies are shown, since they hold secrets.
 */
export class RefusalLog {
  readonly #logger: Logger
  readonly #clock: Clock
  readonly #told = new Map<string, Told>()

  constructor(logger: Logger, clock: Clock) {
    this.#logger = logger
    this.#clock = clock
  }

  /** @param owner - Whose route it is; `undefined` when it is nobody's. */
  note(request: ServerRequest, owner: string | undefined, { status = 200, reason }: HttpResult): void {
    const why = reason ?? words[status]
    if (why === undefined || status < 400) return
    const line = `Refused ${shown(request)} (HTTP ${status}${owner === undefined ? '' : `, ${owner}`}): ${why}`
    const now = this.#clock.monotonic()
    const key = `${status} ${owner} ${why}`
    const told = this.#told.get(key)
    if (told !== undefined && now - told.at < repeatMs) {
      told.since += 1
      return this.#logger.debug({}, line)
    }
    this.#forget(now)
    if (this.#told.size >= maxReasons) return this.#logger.debug({}, line)
    this.#told.set(key, { at: now, since: 0 })
    const more = told === undefined || told.since === 0 ? '' : `; ${told.since} more since the last line`
    this.#logger.warn({}, `${line}${more}`)
  }

  #forget(now: number): void {
    for (const [key, { at }] of this.#told) {
      if (now - at >= repeatMs) this.#told.delete(key)
    }
  }
}

function shown({ method, path, remoteAddress }: ServerRequest): string {
  const plain = path.replace(/[^\x21-\x7E]/g, '?')
  return `${method} ${plain.length > maxPath ? `${plain.slice(0, maxPath)}…` : plain} from ${remoteAddress}`
}
