import { ConnectionReporter, isRecord, readJson, secretsEqual } from '@mynah/adapter-kit'
import { MynahError, systemClock } from '@mynah/core'
import { RecentSet } from '@mynah/core/adapter'
import type { HttpRequest, HttpResult } from '@mynah/server'

import type { KookWebhookConfig } from '../config.ts'
import type { EventTaker } from './event-taker.ts'
import { decrypt } from './decrypt.ts'
import { dropSecret, inflate, isEventFrame } from './frame.ts'
import type { KookEventData } from '../wire/events.ts'
import { type KookFrame, signals } from '../wire/frames.ts'

/** What a webhook needs. */
export interface WebhookOptions extends EventTaker, Pick<KookWebhookConfig, 'verifyToken' | 'encryptKey'> {
  /** Once it aborts nobody takes events any more; those that come are left to whoever serves the path next. */
  readonly signal?: AbortSignal | undefined
  /**
   * Stores an event before it is acknowledged, and takes it; `false` where that is not done in time. Never rejects.
   * Without it, events are taken and not stored.
   */
  readonly store?: ((id: string, event: PushedEvent) => Promise<boolean>) | undefined
}

/** An event of a request: what is stored of it. */
export interface PushedEvent {
  readonly sn: number
  readonly d: KookEventData
}

/** The largest body taken, compressed or not, in bytes. */
export const maxBodyBytes: number = 1024 * 1024

/** So many events in a row are refused while there is no room, or the disk is slow; the platform minds more. */
const maxRefusals = 3

const openingBrace = 0x7b
const blanks = new Set([0x20, 0x09, 0x0a, 0x0d])

/**
 * Answers the platform's requests: unpacks, checks and decrypts them, and says 200 before anything is handled.
 *
 * @see KOOK developer documentation, "Webhook".
 */
export class Webhook {
  readonly #options: WebhookOptions
  /** The platform repeats for about two minutes; numbers wrap after 65535, so they alone tell nothing. */
  readonly #seen: RecentSet<string>
  readonly #reporter: ConnectionReporter
  #refusals = 0

  /** @param options - The secrets, and who takes the events. */
  constructor(options: WebhookOptions) {
    this.#options = options
    const { logger, clock = systemClock } = options
    this.#reporter = new ConnectionReporter({ logger, name: 'KOOK webhook', clock })
    this.#seen = new RecentSet({ maxEntries: 10_000, maxAgeMs: 600_000, clock })
  }

  /** Answers one request; never throws. */
  async answer(request: Pick<HttpRequest, 'body'>): Promise<HttpResult> {
    const frame = this.#read(request.body)
    if (frame === undefined) return { status: 400 }
    const data = isRecord(frame.d) ? frame.d : {}
    const token = data['verify_token']
    if (!secretsEqual(typeof token === 'string' ? token : undefined, this.#options.verifyToken)) {
      this.#reporter.failed({
        reason: 'a request with a wrong verify token was refused',
        hint: 'check webhook.verifyToken against the developer console',
      })
      return { status: 403 }
    }
    this.#reporter.working()
    if (data['channel_type'] === 'WEBHOOK_CHALLENGE') return this.#answerChallenge(data['challenge'])
    if (!isEventFrame(frame)) return this.#leaveOut('an event of the webhook has no number or no body')
    const key = `${frame.sn}:${frame.d.msg_id}`
    if (!this.#seen.add(key)) return { status: 200, body: {} }
    if (this.#options.signal?.aborted === true) return this.#askAgain(key)
    if ((this.#options.room?.() ?? 1) <= 0) return this.#refuse(key)
    dropSecret(frame.d)
    return this.#accept(key, frame)
  }

  #answerChallenge(challenge: unknown): HttpResult {
    this.#options.logger.debug({}, 'The webhook was challenged.')
    return { status: 200, body: { challenge } }
  }

  /** It is the platform's, but no event: to refuse it would bring it again, and take the bot offline in the end. */
  #leaveOut(reason: string): HttpResult {
    this.#options.onRefused?.(reason)
    return { status: 200, body: {} }
  }

  /** The platform brings it again a few times, but takes bots offline that refuse often. */
  #refuse(key: string): HttpResult {
    if (this.#refusals >= maxRefusals) return this.#leaveOut('more events came than handlers take')
    this.#refusals += 1
    return this.#askAgain(key)
  }

  #askAgain(key: string): HttpResult {
    this.#seen.delete(key)
    return { status: 503 }
  }

  async #accept(key: string, { sn, d }: PushedEvent): Promise<HttpResult> {
    const { store } = this.#options
    if (store === undefined) this.#hand(d, sn)
    else if (!(await store(key, { sn, d })) && this.#refusals < maxRefusals) {
      this.#refusals += 1
      // It is taken all the same; when it comes again it is known.
      return { status: 503 }
    }
    this.#refusals = 0
    return { status: 200, body: {} }
  }

  /** Events are handled after the answer, which is due within a second. */
  #hand(data: KookEventData, sn: number): void {
    setImmediate(() => {
      try {
        this.#options.onEvent(data, sn)
      } catch (err) {
        this.#options.logger.error({ err }, `The event ${data.msg_id} could not be handled and is left out.`)
        this.#options.onRefused?.('an event could not be handled')
      }
    })
  }

  #read(body: Buffer): KookFrame | undefined {
    try {
      const value = this.#open(readJson(isPlain(body) ? body.toString() : inflate(body, maxBodyBytes)))
      return isRecord(value) && typeof value['s'] === 'number' ? { ...value, s: value['s'] } : undefined
    } catch (err) {
      this.#reporter.failed({
        reason: 'a request could not be read',
        hint: 'check webhook.encryptKey against the developer console',
        fields: { err },
      })
      return undefined
    }
  }

  /** Takes the encryption off. Once there is a key, what comes without encryption is not the platform's. */
  #open(value: unknown): unknown {
    const encrypted = isRecord(value) ? value['encrypt'] : undefined
    const { encryptKey } = this.#options
    if (typeof encrypted === 'string') {
      if (encryptKey !== undefined) return readJson(decrypt(encrypted, encryptKey))
      throw new MynahError('FRAME_INVALID', 'It is encrypted, but there is no "encryptKey" in the config.')
    }
    if (encryptKey === undefined) return value
    throw new MynahError('FRAME_INVALID', 'It is not encrypted, although "encryptKey" is set.')
  }
}

/** Whether a value is what {@link Webhook} has stored. */
export function isPushedEvent(value: unknown): value is PushedEvent {
  return isRecord(value) && isEventFrame({ ...value, s: signals.event })
}

function isPlain(body: Buffer): boolean {
  const first = body.find((byte) => !blanks.has(byte))
  return first === undefined || first === openingBrace
}
