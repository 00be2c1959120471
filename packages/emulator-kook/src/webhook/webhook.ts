import { randomBytes } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { MynahError } from '@mynah/core'
import { Mailbox } from '@mynah/core/testing'
import {
  type EventFaults,
  exchange,
  isJsonObject,
  type JsonObject,
  parseJson,
  type Timers,
} from '@mynah/emulator-kit'
import type { EventFrame } from '../gateway/frames.ts'
import { encryptFrame } from './encryption.ts'

/** Where and how events are pushed, as set in the developer console. */
export interface KookWebhookOptions {
  /** The callback URL; `compress=0` in its query turns compression off. */
  url: string
  /** Proves to the bot that a push is genuine. */
  verifyToken: string
  /** Encrypts every push when set. */
  encryptKey?: string
  /** Time for an answer, in ms. @defaultValue 1000 */
  deadlineMs?: number
  /** Waits before each repetition of a failed push, in ms. @defaultValue 2, 4, 8, 16, 32 and 64 s */
  retryDelaysMs?: readonly number[]
  /** How many events may fail for good before the bot is taken offline. @defaultValue 5 */
  maxFailures?: number
  /** Number of the first event, 1 to 65535. @defaultValue 1 */
  firstSn?: number
}

/** One attempt to push a frame. */
export interface KookPush {
  /** Undefined for challenges. */
  readonly sn: number | undefined
  /** 1 for the first. */
  readonly attempt: number
  /** HTTP status; undefined when there was no answer in time. */
  readonly status: number | undefined
  /** What the bot answered; empty when nothing. */
  readonly body: string
  /** Whether the bot took it; others are pushed again. */
  readonly ok: boolean
}

const highestSn = 65_535

/**
 * Pushes events to a callback URL, one frame per request, in order, and repeats what fails.
 *
 * @see KOOK developer documentation, "Webhook".
 */
export class KookWebhook {
  readonly #timers: Timers
  readonly #events: EventFaults<EventFrame>
  readonly #pushes = new Mailbox<KookPush>()
  readonly #all: KookPush[] = []
  readonly #abort = new AbortController()
  #settings: Required<Omit<KookWebhookOptions, 'encryptKey'>> & { encryptKey: string | undefined } = {
    url: '',
    verifyToken: '',
    encryptKey: undefined,
    deadlineMs: 1000,
    retryDelaysMs: [2000, 4000, 8000, 16_000, 32_000, 64_000],
    maxFailures: 5,
    firstSn: 1,
  }
  #sn = 0
  #failures = 0
  #online = false
  #queue: Promise<void> = Promise.resolve()

  constructor(timers: Timers, events: EventFaults<EventFrame>) {
    this.#timers = timers
    this.#events = events
  }

  /** Whether the challenge was answered and delivery goes on. */
  get isOnline(): boolean {
    return this.#online
  }

  /** Every attempt so far. */
  get pushes(): readonly KookPush[] {
    return this.#all
  }

  /** Takes over the settings; {@link challenge} comes next. */
  configure(options: KookWebhookOptions): void {
    this.#settings = { ...this.#settings, encryptKey: undefined, ...options }
    this.#sn = this.#settings.firstSn - 1
  }

  /**
   * Sends the challenge, and starts delivery when it is answered.
   *
   * @throws MynahError `TEST_EXPECTATION` when the answer does not echo the challenge.
   */
  async challenge(): Promise<void> {
    const challenge = randomBytes(6).toString('hex')
    const push = await this.push({
      s: 0,
      d: {
        type: 255,
        channel_type: 'WEBHOOK_CHALLENGE',
        challenge,
        verify_token: this.#settings.verifyToken,
      },
    })
    const answer = parseJson(push.body)
    if (!push.ok || !isJsonObject(answer) || answer.challenge !== challenge) {
      throw new MynahError(
        'TEST_EXPECTATION',
        `The webhook must echo the challenge; it answered ${push.status ?? 'nothing in time'} ${push.body}`,
      )
    }
    this.#online = true
    this.#failures = 0
  }

  /** Numbers an event and pushes it after those before; nothing happens while the bot is offline. */
  deliver(d: JsonObject): void {
    if (!this.#online) return
    this.#sn = this.#sn >= highestSn ? 1 : this.#sn + 1
    const frame: EventFrame = { s: 0, d: { ...d, verify_token: this.#settings.verifyToken }, sn: this.#sn }
    void this.#events.pass(frame, () => {
      this.#queue = this.#queue.then(() => this.#attempt(frame, 1))
    })
  }

  /** Pushes any frame once, encrypted and compressed as configured, and resolves with the answer. */
  async push(frame: JsonObject): Promise<KookPush> {
    return this.#record(await this.#post(frame, 1))
  }

  /** Pushes any bytes once, as an attacker or a broken proxy would. */
  async pushRaw(body: Uint8Array | string, method = 'POST'): Promise<KookPush> {
    return this.#record(await this.#send(Buffer.from(body), undefined, 1, method))
  }

  /**
   * Waits for an attempt that was not waited for before.
   *
   * @throws MynahError `TEST_EXPECTATION` when none comes in time.
   */
  expectPush(accepts: (push: KookPush) => boolean = () => true, timeoutMs = 5000): Promise<KookPush> {
    return this.#pushes.take(accepts, 'a push of the webhook', timeoutMs)
  }

  /** Resolves when the first attempts of all events so far are done. */
  idle(): Promise<void> {
    return this.#queue
  }

  /** Takes the bot offline. */
  goOffline(): void {
    this.#online = false
  }

  /** Stops pushing; settles when the attempt that is under way has ended. */
  async close(): Promise<void> {
    this.#online = false
    this.#abort.abort()
    await this.#queue
  }

  async #attempt(frame: EventFrame, attempt: number): Promise<void> {
    const push = await this.#post(frame, attempt)
    // What follows is settled before anybody hears of the attempt, so that a test may move the clock at once.
    if (!push.ok && !this.#abort.signal.aborted) this.#retry(frame, attempt)
    this.#record(push)
  }

  #retry(frame: EventFrame, attempt: number): void {
    const delayMs = this.#settings.retryDelaysMs[attempt - 1]
    if (delayMs !== undefined) {
      this.#timers.after(delayMs, () => void this.#attempt(frame, attempt + 1))
      return
    }
    this.#failures += 1
    if (this.#failures >= this.#settings.maxFailures) this.#online = false
  }

  #record(push: KookPush): KookPush {
    this.#all.push(push)
    this.#pushes.push(push)
    return push
  }

  #post(frame: JsonObject | EventFrame, attempt: number): Promise<KookPush> {
    const { encryptKey, url } = this.#settings
    const text = JSON.stringify(frame)
    const body = encryptKey === undefined ? text : JSON.stringify({ encrypt: encryptFrame(text, encryptKey) })
    const isPlain = new URL(url).searchParams.get('compress') === '0'
    const sn = typeof frame.sn === 'number' ? frame.sn : undefined
    return this.#send(isPlain ? Buffer.from(body) : deflateSync(body), sn, attempt, 'POST')
  }

  async #send(body: Buffer, sn: number | undefined, attempt: number, method: string): Promise<KookPush> {
    const answer = await this.#exchange(body, method)
    return { sn, attempt, ...answer, ok: answer.status === 200 }
  }

  /** One request on a connection of its own; it never rejects. */
  async #exchange(body: Buffer, method: string): Promise<{ status: number | undefined; body: string }> {
    const { url, deadlineMs } = this.#settings
    // The deadline is a matter of real time: it runs while the answer travels over a real socket.
    const signal = AbortSignal.any([this.#abort.signal, AbortSignal.timeout(deadlineMs)])
    const headers = { 'Content-Type': 'application/json' }
    try {
      const { status, text } = await exchange({ url, method, headers, body, signal })
      return { status, body: text }
    } catch {
      return { status: undefined, body: '' }
    }
  }
}
