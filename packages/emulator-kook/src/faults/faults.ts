import { randomBytes } from 'node:crypto'

import { type FaultParts, GatewayFaults, type Plan } from '@mynah/emulator-kit'

import { encodeFrame, type EventFrame, type KookFrameForm } from '../gateway/frames.ts'
import type { Gateway } from '../gateway/gateway.ts'

/** What a call gets instead of a proper answer. */
export interface KookErrorAnswer {
  /** HTTP status. @defaultValue 200 with a `code`, 429 with `rateLimit`, else 500 */
  readonly status?: number
  /** The `code` of an envelope. */
  readonly code?: number
  /** The `message` of the envelope. @defaultValue '操作失败' */
  readonly message?: string
  /** Text that goes out as it is, in place of an envelope. */
  readonly body?: string
  /** The type of that text. @defaultValue 'text/html' */
  readonly contentType?: string
  /** A refusal by a rate limit, which ends after so many seconds; of all calls together when it is global. */
  readonly rateLimit?: { readonly resetSeconds?: number; readonly global?: boolean }
}

/** What {@link KookFaults} acts on. */
export interface KookFaultParts extends FaultParts<KookErrorAnswer, EventFrame, number> {
  readonly gateway: Gateway
  readonly reconnectsAfterResume: Plan<true>
  readonly token: string
  readonly expiredTokens: Set<string>
}

/**
 * What goes wrong on purpose. Sessions survive {@link KookFaults.dropConnections} and can be resumed; a login is
 * refused by the code of its HELLO, such as 40103.
 */
export class KookFaults extends GatewayFaults<KookErrorAnswer, EventFrame, number> {
  readonly #parts: KookFaultParts

  constructor(parts: KookFaultParts) {
    super(parts)
    this.#parts = parts
  }

  /** The bot's token is refused from now on with 40103, until {@link clear}. */
  expireTokens(): void {
    this.#parts.expiredTokens.add(this.#parts.token)
  }

  /** Makes every gateway URL given out so far answer 40103. */
  expireGatewayTokens(): void {
    this.#parts.gateway.expireTokens()
  }

  /** Forgets the current session, so that resuming it fails with 40107. */
  expireSessions(): void {
    this.#parts.gateway.expireSession()
  }

  /**
   * Sends RECONNECT and forgets the session.
   *
   * @param code - None for null. @defaultValue 40108
   * @param err - What goes with the code. @defaultValue 'Invalid SN'
   */
  requestReconnect(code: number | null = 40108, err = 'Invalid SN'): void {
    this.#parts.gateway.reconnect(code, err)
  }

  /** The next successful resumes are followed by a RECONNECT right away. @param times - How many. @defaultValue 1 */
  reconnectAfterResume(times?: number): void {
    this.#parts.reconnectsAfterResume.add(true, times)
  }

  /**
   * Sends any frame as it is, without a number of its own.
   *
   * @param form - How it is put on the wire. @defaultValue that of the connection
   */
  sendFrame(frame: unknown, form?: KookFrameForm): void {
    for (const link of this.#parts.gateway.links) link.socket.send(encodeFrame(frame, form ?? link.form))
  }

  /** Sends a binary frame that is no zlib stream. @param bytes - What is in it. @defaultValue 32 random bytes */
  sendGarbage(bytes: Uint8Array = randomBytes(32)): void {
    for (const { socket } of this.#parts.gateway.links) socket.send(bytes, { binary: true })
  }

  /** Sends the first half of a compressed event. */
  sendTruncatedFrame(): void {
    const whole = Buffer.from(encodeFrame({ s: 0, d: {}, sn: this.#parts.gateway.lastSn + 1 }, 'zlib'))
    this.sendGarbage(whole.subarray(0, whole.length >> 1))
  }

  override clear(): void {
    super.clear()
    this.#parts.reconnectsAfterResume.clear()
    this.#parts.expiredTokens.clear()
  }
}
