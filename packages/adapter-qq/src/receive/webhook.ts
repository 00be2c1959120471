import { ConnectionReporter, defined, isRecord } from '@mynah/adapter-kit'
import type { Clock, Logger } from '@mynah/core'
import type { HttpRequest, HttpResult } from '@mynah/server'
import { type Dispatch, type Envelope, isDispatch, opcodes, parseEnvelope } from '../wire/envelope.ts'
import { SignatureKey } from './signature.ts'

/** What a {@link Webhook} needs. */
export interface WebhookOptions {
  /** AppID from the console. */
  readonly appId: string
  /** AppSecret from the console. */
  readonly secret: string
  /** How far the time of a push may be off, in ms; 0 takes any. */
  readonly maxSkew: number
  /** Time as the bot sees it. */
  readonly clock: Clock
  /** Where an operator reads. */
  readonly logger: Logger
  /**
   * Takes an event; handlers run later. `full` where there is no room for it, `late` where it could not be stored in time:
   * the platform pushes it again. Never rejects.
   */
  readonly onEvent: (envelope: Dispatch) => Promise<'taken' | 'late' | 'full'>
  /** A push was refused. */
  readonly onRefused: (reason: string) => void
}

const unauthorized: HttpResult = { status: 401 }
const badRequest: HttpResult = { status: 400 }
const maxTokenBytes = 128

/**
 * Answers the pushes to one bot (official docs: "Webhook"): checks the signature of the bytes as they came,
 * acknowledges, and hands events on.
 */
export class Webhook {
  /** The bot whose pushes it answers. */
  readonly appId: string
  readonly #options: WebhookOptions
  readonly #key: SignatureKey
  readonly #reporter: ConnectionReporter

  constructor(options: WebhookOptions) {
    this.appId = options.appId
    this.#options = options
    const { appId, clock, logger } = options
    this.#reporter = new ConnectionReporter({ name: `QQ pushes to ${appId}`, clock, logger })
    this.#key = new SignatureKey(options.secret)
  }

  /** Answers one push. */
  async answer({ headers, body }: Pick<HttpRequest, 'headers' | 'body'>): Promise<HttpResult> {
    const appId = headers['x-bot-appid']
    if (appId !== undefined && appId !== this.appId)
      return this.#refuse('one for another AppID was refused', 'check appId')
    const timestamp = headers['x-signature-timestamp']
    const signature = headers['x-signature-ed25519']
    if (typeof timestamp !== 'string' || typeof signature !== 'string')
      return this.#refuse('one without a signature was refused')
    if (!this.#key.verify(signature, timestamp, body))
      return this.#refuse(
        'one with a wrong signature was refused',
        'check secret, and that no proxy changes the body',
      )
    if (!this.#isTimely(timestamp))
      return this.#refuse(
        'one from another time was refused',
        'check the clock of this machine, or set webhook.maxSkew',
      )
    try {
      const envelope = parseEnvelope(body.toString())
      this.#reporter.working()
      return await this.#react(envelope)
    } catch (err) {
      this.#options.logger.debug({ err }, 'Why a push could not be read')
      this.#options.onRefused('a push could not be read')
      return badRequest
    }
  }

  #react(envelope: Envelope): HttpResult | Promise<HttpResult> {
    switch (envelope.op) {
      case opcodes.dispatch:
        return this.#dispatch(envelope)
      case opcodes.heartbeat:
        return { body: { op: opcodes.heartbeatAck, d: envelope.d ?? envelope.s ?? null } }
      case opcodes.callbackValidation:
        return this.#validate(envelope.d)
      default:
        this.#options.logger.debug({ op: envelope.op }, 'A push with an unknown opcode was ignored')
        return { status: 200, body: { op: opcodes.callbackAck, d: 0 } }
    }
  }

  async #dispatch(envelope: Envelope): Promise<HttpResult> {
    if (!isDispatch(envelope)) {
      this.#options.onRefused('a push could not be read')
      return badRequest
    }
    const outcome = await this.#options.onEvent(envelope)
    if (outcome === 'taken') return { body: { op: opcodes.callbackAck, d: 0 } }
    if (outcome === 'late') this.#options.logger.debug('A push was not stored in time; it will come again')
    else this.#options.onRefused('too many events wait to be handled; a push was refused')
    return { status: 503, body: { op: opcodes.callbackAck, d: 1 } }
  }

  /**
   * Signs what the platform asks for. A text that could be a timestamp and a body is never signed, or else
   * whoever asks could forge events.
   */
  #validate(d: unknown): HttpResult {
    const { plain_token: token, event_ts: time } = isRecord(d) ? d : {}
    if (typeof token !== 'string' || typeof time !== 'string') return badRequest
    if (!/^\d{1,13}$/.test(time) || !isPlainToken(token)) return badRequest
    return { body: { plain_token: token, signature: this.#key.sign(time + token) } }
  }

  #isTimely(timestamp: string): boolean {
    const { maxSkew, clock } = this.#options
    if (maxSkew === 0) return true
    const seconds = /^\d+$/.test(timestamp) ? Number(timestamp) : Number.NaN
    return Math.abs(clock.now() - seconds * 1000) <= maxSkew
  }

  #refuse(reason: string, hint?: string): HttpResult {
    this.#options.onRefused('a push was refused')
    this.#reporter.failed({ reason, ...defined({ hint }) })
    return unauthorized
  }
}

function isPlainToken(token: string): boolean {
  return token !== '' && Buffer.byteLength(token) <= maxTokenBytes && !/[{"\s]/.test(token)
}
