import { type FaultParts, GatewayFaults, type JsonObject } from '@mynah/emulator-kit'

import type { Gateway, QQLoginRefusal } from '../gateway/gateway.ts'
import type { QQTampering } from '../webhook/tampering.ts'
import type { Webhook } from '../webhook/webhook.ts'
import type { QQEnvelope } from '../world/platform.ts'
import type { Tokens } from '../world/tokens.ts'

/** What a call gets instead of a proper answer. */
export interface QQErrorAnswer {
  /** HTTP status. @defaultValue that of the code, 200 with a body, else 500 */
  readonly status?: number
  /** Platform code of an error body. */
  readonly code?: number
  /** A body of its own; text goes out as it is. */
  readonly body?: JsonObject | string
  /** Headers beside the usual ones. */
  readonly headers?: Readonly<Record<string, string>>
}

/** What {@link QQFaults} acts on. */
export interface QQFaultParts extends FaultParts<QQErrorAnswer, QQEnvelope, QQLoginRefusal> {
  readonly gateway: Gateway
  readonly webhook: Webhook
  readonly tokens: Tokens
}

/**
 * Everything that goes wrong between a bot and the platform, on purpose. Sessions survive
 * {@link QQFaults.dropConnections} and can be resumed; events that are duplicated keep their outer id.
 *
 * @example
 * ```ts
 * const route = 'POST /v2/groups/{group_openid}/messages'
 * emulator.faults.call(route, { kind: 'error-answer', status: 500, carriedOut: true })
 * emulator.faults.call('*', { kind: 'error-answer', status: 429, headers: { 'Retry-After': '1' } }, 2)
 * ```
 */
export class QQFaults extends GatewayFaults<QQErrorAnswer, QQEnvelope, QQLoginRefusal> {
  readonly #gateway: Gateway
  readonly #webhook: Webhook
  readonly #tokens: Tokens

  constructor(parts: QQFaultParts) {
    super(parts)
    this.#gateway = parts.gateway
    this.#webhook = parts.webhook
    this.#tokens = parts.tokens
  }

  /** Makes every token worthless before its time. */
  expireTokens(): void {
    this.#tokens.revoke()
  }

  /** Forgets all gateway sessions, so that a Resume ends in close code 4006. */
  expireSessions(): void {
    this.#gateway.forgetSessions()
  }

  /** Sends op 7: the bot is asked to connect anew. */
  requestReconnect(): void {
    this.#gateway.broadcast({ op: 7 })
  }

  /** Sends op 1: the bot is asked for a heartbeat. */
  requestHeartbeat(): void {
    this.#gateway.broadcast({ op: 1 })
  }

  /** Sends op 9 into living connections. */
  invalidateSession(isResumable: boolean): void {
    this.#gateway.broadcast({ op: 9, d: isResumable })
  }

  /** Sends a frame as it is: text that is no JSON, a binary frame, an opcode of the future. */
  sendFrame(frame: JsonObject | string | Buffer): void {
    this.#gateway.broadcast(frame)
  }

  /**
   * Spoils signature, timestamp, AppID or body of the next webhook pushes.
   *
   * @param times - How many. @defaultValue 1
   */
  tamperPushes(tampering: QQTampering, times?: number): void {
    this.#webhook.tamperings.add(tampering, times)
  }

  /** Moves the platform's idea of the time in webhook signatures, in ms; 0 puts it right. */
  skewPushes(skewMs: number): void {
    this.#webhook.skewMs = skewMs
  }

  override clear(): void {
    super.clear()
    this.#webhook.tamperings.clear()
    this.#webhook.skewMs = 0
  }
}
