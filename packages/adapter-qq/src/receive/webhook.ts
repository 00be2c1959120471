import { ConnectionReporter } from '@mynah/adapter-kit'
import type { Clock, Logger } from '@mynah/core'
import type { HttpRequest, HttpResult } from '@mynah/server'
import { type Dispatch, type Envelope, isDispatch, opcodes, readEnvelope } from '../wire/envelope.ts'
import { SignatureKey } from './signature.ts'
import { defined, isRecord } from '../wire/read.ts'

/** What a {@link Webhook} needs. */
export interface WebhookOptions {
  readonly appId: string
  readonly secret: string
  /** Oldest and newest timestamp taken, in seconds; 0 takes any. */
  readonly maxSkew: number
  readonly clock: Clock
  readonly logger: Logger
  /** Takes an event; handlers run later. Throwing lets the platform push it again. */
  readonly onEvent: (envelope: Dispatch) => void
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
  answer({ headers, body }: Pick<HttpRequest, 'headers' | 'body'>): HttpResult {
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
    const envelope = parse(body)
    if (envelope === undefined) {
      this.#options.onRefused('a push could not be read')
      return badRequest
    }
    this.#reporter.working()
    return this.#react(envelope)
  }

  #react(envelope: Envelope): HttpResult {
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

  #dispatch(envelope: Envelope): HttpResult {
    if (!isDispatch(envelope)) {
      this.#options.onRefused('a push could not be read')
      return badRequest
    }
    try {
      this.#options.onEvent(envelope)
      return { body: { op: opcodes.callbackAck, d: 0 } }
    } catch (err) {
      this.#options.onRefused('a pushed event could not be taken; it comes again')
      this.#options.logger.debug({ err, event: envelope.t }, 'Why a pushed event could not be taken')
      return { body: { op: opcodes.callbackAck, d: 1 } }
    }
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
    return Math.abs(clock.now() / 1000 - seconds) <= maxSkew
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

function parse(body: Buffer): Envelope | undefined {
  try {
    return readEnvelope(JSON.parse(body.toString()))
  } catch {
    return undefined
  }
}
