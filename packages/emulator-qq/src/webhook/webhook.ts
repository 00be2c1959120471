import { MynahError } from '@mynah/core'
import { Mailbox } from '@mynah/core/testing'
import { exchange, isJsonObject, parseJson, Plan, type PushAnswer, type Timers } from '@mynah/emulator-kit'
import type { Platform, QQEnvelope } from '../world/platform.ts'
import type { SignatureKey } from './signature.ts'
import { spoil, type QQTampering } from './tampering.ts'

/** How one push ended: `ok` and `unexpected` (HTTP 200 with a body the docs do not know) end the matter. */
export type QQPushOutcome = 'ok' | 'unexpected' | 'failed' | 'refused' | 'late' | 'unreachable'

/** One push of an event. */
export interface QQPushAttempt extends Partial<PushAnswer> {
  readonly outcome: QQPushOutcome
}

/** An event and all pushes of it, at most three. */
export interface QQPushed {
  /** The event. */
  readonly envelope: QQEnvelope
  /** The pushes, oldest first. */
  readonly attempts: readonly QQPushAttempt[]
}

/** How {@link Webhook.post} sends. */
export interface QQPostOptions {
  /** How the push is spoiled. @defaultValue not at all */
  tampering?: QQTampering
  /** Byte offsets at which the body is cut into separate chunks. */
  cutAt?: readonly number[]
  /** The signed timestamp, Unix seconds as text. @defaultValue now */
  timestamp?: string
}

/** What tests use: the callback address, what became of pushes, and pushes of one's own. */
export type QQWebhookView = Pick<Webhook, 'url' | 'post' | 'heartbeat' | 'expectPush'>

const pushLimit = 3
const lateAnswer = new Error('the answer to the push came too late')
const challengeTokenBytes = 20

/** Pushes events to an address of the bot, signed, with the checks and retries of the platform. */
export class Webhook {
  readonly #platform: Platform
  readonly #key: SignatureKey
  readonly #timers: Timers
  readonly #timeoutMs: number
  readonly #pushed = new Mailbox<QQPushed>()
  readonly #running = new Set<Promise<void>>()
  readonly #abort = new AbortController()
  /** How the next pushes are spoiled. */
  readonly tamperings: Plan<QQTampering> = new Plan()
  #url: string | undefined
  /** How far the timestamps in signatures are off, in ms. */
  skewMs = 0

  /** @param timeoutMs - How long an answer may take before it counts as late, by the emulator's clock. */
  constructor(platform: Platform, key: SignatureKey, timers: Timers, timeoutMs: number) {
    this.#platform = platform
    this.#timers = timers
    this.#key = key
    this.#timeoutMs = timeoutMs
  }

  /** Where events go; undefined while the gateway is in use. */
  get url(): string | undefined {
    return this.#url
  }

  /**
   * Saves a callback address, as the console does: checks it by op 13, then moves delivery from the gateway
   * to it.
   *
   * @throws MynahError `TEST_EXPECTATION` saying what was wrong with the answer.
   */
  async set(url: string): Promise<void> {
    const plainToken = this.#platform.ids.opaque('').slice(0, challengeTokenBytes)
    const eventTs = String(this.#seconds())
    const body = JSON.stringify({ d: { plain_token: plainToken, event_ts: eventTs }, op: 13 })
    const { outcome, status, text = '' } = await this.#attempt(url, body)
    const problem = this.#challengeProblem({ outcome, status, text, plainToken, eventTs })
    if (problem !== undefined)
      throw new MynahError('TEST_EXPECTATION', `The callback check failed: ${problem}`)
    this.#url = url
  }

  #challengeProblem(answer: {
    outcome: QQPushOutcome
    status: number | undefined
    text: string
    plainToken: string
    eventTs: string
  }): string | undefined {
    const { outcome, status, text, plainToken, eventTs } = answer
    if (status === undefined) return `the address was ${outcome}`
    if (status !== 200) return `HTTP status ${status} instead of 200`
    const body = parseJson(text)
    if (!isJsonObject(body)) return `the answer is no JSON object: ${text}`
    if (body['plain_token'] !== plainToken) return 'plain_token does not come back unchanged'
    const signature = body['signature']
    if (typeof signature !== 'string' || !this.#key.verify(eventTs, plainToken, signature)) {
      return 'signature is not that of event_ts + plain_token'
    }
    return undefined
  }

  /** Takes the callback address away; the gateway is in use again. */
  clear(): void {
    this.#url = undefined
  }

  /** Starts to push an event; see {@link Webhook.expectPush} for what became of it. */
  dispatch(envelope: QQEnvelope): void {
    const running = this.#push(envelope).finally(() => this.#running.delete(running))
    this.#running.add(running)
  }

  async #push(envelope: QQEnvelope): Promise<void> {
    const url = this.#url
    if (url === undefined) return
    const { id, t, d } = envelope
    const body = JSON.stringify({ id, op: 0, s: 0, t, d })
    const attempts: QQPushAttempt[] = []
    do {
      attempts.push(await this.#attempt(url, body))
    } while (attempts.length < pushLimit && !isSettled(attempts.at(-1)) && !this.#abort.signal.aborted)
    this.#pushed.push({ envelope, attempts })
  }

  /**
   * Waits for an event whose pushes came to an end, and that was not waited for before.
   *
   * @param timeoutMs - How long to wait. @defaultValue 5000
   * @throws MynahError `TEST_EXPECTATION` when none comes in time.
   */
  expectPush(accepts: (pushed: QQPushed) => boolean = () => true, timeoutMs?: number): Promise<QQPushed> {
    return this.#pushed.take(accepts, 'a pushed event', timeoutMs)
  }

  /** Sends the op 1 heartbeat of the old HTTP gateway. */
  heartbeat(sequence: number): Promise<PushAnswer> {
    return this.post(JSON.stringify({ op: 1, d: sequence }))
  }

  /**
   * Posts a body of any kind, signed, to the callback address.
   *
   * @throws MynahError `TEST_EXPECTATION` when no address is set; the error of the connection when it fails.
   */
  post(body: string | Uint8Array, options: QQPostOptions = {}): Promise<PushAnswer> {
    if (this.#url === undefined) throw new MynahError('TEST_EXPECTATION', 'No callback address is set.')
    return this.#send(this.#url, body, options)
  }

  #seconds(): number {
    return Math.floor((this.#platform.clock.now() + this.skewMs) / 1000)
  }

  async #attempt(url: string, body: string): Promise<QQPushAttempt> {
    const tampering = this.tamperings.take()
    try {
      const answer = await this.#send(url, body, tampering === undefined ? {} : { tampering })
      return { ...answer, outcome: outcomeOf(answer) }
    } catch (error) {
      return { outcome: error === lateAnswer ? 'late' : 'unreachable' }
    }
  }

  #send(url: string, body: string | Uint8Array, options: QQPostOptions): Promise<PushAnswer> {
    const timestamp = options.timestamp ?? String(this.#seconds())
    const content = Buffer.from(body)
    const headers = {
      'User-Agent': 'QQBot-Callback',
      'Content-Type': 'application/json',
      'X-Bot-Appid': this.#platform.appId,
      'X-Signature-Timestamp': timestamp,
      'X-Signature-Ed25519': this.#key.sign(timestamp, content),
    }
    const push =
      options.tampering === undefined ? { headers, content } : spoil({ headers, content }, options.tampering)
    const late = new AbortController()
    const cancel = this.#timers.after(this.#timeoutMs, () => late.abort(lateAnswer))
    const signal = AbortSignal.any([late.signal, this.#abort.signal])
    const { cutAt = [] } = options
    return exchange({ url, headers: push.headers, body: push.content, cutAt, signal }).finally(cancel)
  }

  /** Gives up on pushes that are under way. */
  async close(): Promise<void> {
    this.#abort.abort()
    await Promise.all(this.#running)
  }
}

const isSettled = (attempt: QQPushAttempt | undefined): boolean =>
  attempt?.outcome === 'ok' || attempt?.outcome === 'unexpected'

function outcomeOf({ status, text }: PushAnswer): QQPushOutcome {
  if (status !== 200) return 'refused'
  if (text === '') return 'ok'
  const body = parseJson(text)
  if (!isJsonObject(body) || body['op'] !== 12) return 'unexpected'
  if (body['d'] === 0) return 'ok'
  return body['d'] === 1 ? 'failed' : 'unexpected'
}
