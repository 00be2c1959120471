import { createHmac } from 'node:crypto'
import { exchange, isJsonObject, parseJson } from '@mynah/emulator-kit'
import type { RawEvent } from '../wire/wire.ts'
import type { Host, Transport } from '../gateway/host.ts'

/** How a webhook behaves. */
export interface WebhookOptions {
  /** Where events are posted to. */
  readonly url: string
  /** Key of `X-Signature`. @defaultValue none: no signature */
  secret?: string
  /** How long to wait for the answer, in ms. @defaultValue that of the implementation */
  timeoutMs?: number
  /** Pause before a retry, in ms. @defaultValue that of the implementation */
  retryDelayMs?: number
  /** Sent as `X-API-Port` by go-cqhttp. */
  apiPort?: number
}

/** One attempt to hand over an event. */
export interface WebhookAttempt {
  /** The event that was posted. */
  readonly event: RawEvent
  /** Status of the answer; undefined when there was none. */
  readonly status: number | undefined
  /** The quick operation in the answer. */
  readonly operation: RawEvent | undefined
}

const keptAttempts = 1000

/** Posts events to a URL and carries out the quick operations it answers with. */
export class Webhook implements Transport {
  readonly url: string
  readonly #host: Host
  readonly #options: WebhookOptions
  readonly #attempts: WebhookAttempt[] = []
  #stop = new AbortController()
  #running = false

  constructor(host: Host, options: WebhookOptions) {
    this.#host = host
    this.url = options.url
    this.#options = options
  }

  /** What happened so far, oldest first. */
  get attempts(): readonly WebhookAttempt[] {
    return this.#attempts
  }

  get takesEvents(): boolean {
    return this.#running
  }

  get takesCalls(): boolean {
    return false
  }

  async start(): Promise<void> {
    this.#stop = new AbortController()
    this.#running = true
    const { metaEvents } = this.#host.profile.webhook
    if (metaEvents === 'none') return
    const event = this.#host.lifecycle(metaEvents)
    await this.deliver(event, JSON.stringify(event))
  }

  stop(): Promise<void> {
    this.#running = false
    this.#stop.abort()
    return Promise.resolve()
  }

  async deliver(event: RawEvent, body: string): Promise<void> {
    const { webhook } = this.#host.profile
    if (!this.#running || (event['post_type'] === 'meta_event' && webhook.metaEvents === 'none')) return
    const { signal } = this.#stop
    for (let attempt = 0; attempt <= webhook.retries && !signal.aborted; attempt += 1) {
      if (attempt > 0) await this.#pause(signal)
      if (await this.#post(event, body, signal)) return
    }
  }

  async #pause(signal: AbortSignal): Promise<void> {
    const ms = this.#options.retryDelayMs ?? this.#host.profile.webhook.retryDelayMs
    await this.#host.timers.sleep(ms, signal)
  }

  /** Whether the event was taken. */
  async #post(event: RawEvent, body: string, signal: AbortSignal): Promise<boolean> {
    const answer = await this.#exchange(body, signal)
    if (answer === undefined) {
      this.#record({ event, status: undefined, operation: undefined })
      return false
    }
    const isTaken = answer.status >= 200 && answer.status < 300
    const readsAnswer = isTaken && this.#host.profile.webhook.quickOperations
    const parsed = readsAnswer ? parseJson(answer.text) : undefined
    const operation = isJsonObject(parsed) && Object.keys(parsed).length > 0 ? parsed : undefined
    this.#record({ event, status: answer.status, operation })
    if (operation !== undefined) await this.#host.quickOperation(event, operation)
    return isTaken
  }

  /** The answer; undefined when there was none in time. */
  async #exchange(body: string, signal: AbortSignal): Promise<{ status: number; text: string } | undefined> {
    const timeoutMs = this.#options.timeoutMs ?? this.#host.profile.webhook.timeoutMs
    const limit = Number.isFinite(timeoutMs)
      ? AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
      : signal
    const headers = this.#headers(body)
    return exchange({ url: this.url, headers, body: Buffer.from(body), signal: limit }).catch(() => undefined)
  }

  #record(attempt: WebhookAttempt): void {
    this.#attempts.push(attempt)
    if (this.#attempts.length > keptAttempts) this.#attempts.shift()
  }

  #headers(body: string): Record<string, string> {
    const { secret, apiPort } = this.#options
    const { profile, selfId } = this.#host
    const headers: Record<string, string> = {
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(body)),
      'User-Agent': profile.webhook.userAgent,
      'X-Self-ID': String(selfId),
    }
    if (secret !== undefined) {
      headers['X-Signature'] = `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`
    }
    if (apiPort !== undefined && profile.letter === 'G') headers['X-API-Port'] = String(apiPort)
    if (!profile.webhook.lowerCaseHeaders) return headers
    return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  }
}
