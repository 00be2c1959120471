import { randomBytes } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { deflateSync } from 'node:zlib'
import { MynahError } from '@mynah/core'
import { Mailbox } from '@mynah/core/testing'
import { Timers, type KookClock } from '../world/clock.ts'
import { isJsonObject, parseJson, type JsonObject } from '@mynah/emulator-kit'
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
  readonly body: string
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
  #duplicates = 0
  #queue: Promise<void> = Promise.resolve()

  constructor(clock: KookClock) {
    this.#timers = new Timers(clock)
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
    const frame = { s: 0, d: { ...d, verify_token: this.#settings.verifyToken }, sn: this.#sn }
    const copies = this.#duplicates > 0 ? 2 : 1
    this.#duplicates -= copies - 1
    for (let copy = 0; copy < copies; copy += 1) {
      this.#queue = this.#queue.then(() => this.#attempt(frame, 1))
    }
  }

  /** The next events are pushed twice, as happens when an answer is lost. */
  duplicateEvents(count = 1): void {
    this.#duplicates += count
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

  async close(): Promise<void> {
    this.#online = false
    this.#timers.close()
    this.#abort.abort()
    await this.#queue
  }

  async #attempt(frame: JsonObject, attempt: number): Promise<void> {
    const push = await this.#post(frame, attempt)
    // What follows is settled before anybody hears of the attempt, so that a test may move the clock at once.
    if (!push.ok && !this.#abort.signal.aborted) this.#retry(frame, attempt)
    this.#record(push)
  }

  #retry(frame: JsonObject, attempt: number): void {
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

  #post(frame: JsonObject, attempt: number): Promise<KookPush> {
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

  /** One HTTP exchange on a connection of its own; it never rejects. */
  #exchange(body: Buffer, method: string): Promise<{ status: number | undefined; body: string }> {
    const { url, deadlineMs } = this.#settings
    const signal = this.#abort.signal
    return new Promise((resolve) => {
      const request = httpRequest(url, { method, agent: false, signal, headers: requestHeaders(body) })
      // The deadline is a matter of real time: it runs while the answer travels over a real socket.
      const timer = setTimeout(() => request.destroy(), deadlineMs)
      const finish = (status: number | undefined, text: string): void => {
        clearTimeout(timer)
        resolve({ status, body: text })
      }
      request.on('error', () => finish(undefined, ''))
      request.on('close', () => finish(undefined, ''))
      request.on('response', (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => finish(response.statusCode, Buffer.concat(chunks).toString('utf8')))
        response.on('error', () => finish(undefined, ''))
      })
      request.end(body)
    })
  }
}

const requestHeaders = (body: Buffer): Record<string, string> => ({
  'Content-Type': 'application/json',
  'Content-Length': String(body.length),
})
