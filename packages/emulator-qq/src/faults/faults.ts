import type { Delivery } from './delivery.ts'
import type { JsonObject } from '@mynah/emulator-kit'
import type { Gateway, QQLoginRefusal } from '../gateway/gateway.ts'
import type { Router } from '../http/router.ts'
import type { Tokens } from '../world/tokens.ts'
import type { QQTampering } from '../webhook/tampering.ts'
import type { Webhook } from '../webhook/webhook.ts'

/** What a call gets instead of a proper answer. */
export interface QQCallFault {
  /** HTTP status. @defaultValue that of the code, else 500 */
  status?: number
  /** Platform code of an error body. */
  code?: number
  /** A body of its own; text goes out as it is. */
  body?: JsonObject | string
  headers?: Readonly<Record<string, string>>
  /** Milliseconds the answer waits. */
  delayMs?: number
  /** Whether the call is carried out before the answer goes wrong: the bot cannot know that it was. */
  carriedOut?: boolean
  /** Whether the connection breaks instead of an answer. */
  hangUp?: boolean
  /** How many calls are hit. @defaultValue 1 */
  times?: number
}

interface Planned {
  readonly route: string
  readonly fault: QQCallFault
  left: number
}

interface FaultParts {
  gateway: Gateway
  webhook: Webhook
  delivery: Delivery
  tokens: Tokens
  router: Router
}

/**
 * Everything that goes wrong between a bot and the platform, on demand. Faults are used up in the order
 * they were asked for.
 */
export class QQFaults {
  readonly #gateway: Gateway
  readonly #webhook: Webhook
  readonly #delivery: Delivery
  readonly #tokens: Tokens
  readonly #router: Router
  #planned: Planned[] = []

  constructor(parts: FaultParts) {
    this.#gateway = parts.gateway
    this.#webhook = parts.webhook
    this.#delivery = parts.delivery
    this.#tokens = parts.tokens
    this.#router = parts.router
  }

  /**
   * Spoils the next calls of an endpoint.
   *
   * @param route - `METHOD /path/{placeholder}` as in the official docs, or `*` for any call.
   * @throws MynahError `TEST_EXPECTATION` for a route the platform does not have.
   * @example
   * ```ts
   * emulator.faults.call('POST /v2/groups/{group_openid}/messages', { status: 500, carriedOut: true })
   * emulator.faults.call('*', { status: 429, headers: { 'Retry-After': '1' }, times: 2 })
   * ```
   */
  call(route: string, fault: QQCallFault): void {
    this.#router.assertRoute(route)
    this.#planned.push({ route, fault, left: fault.times ?? 1 })
  }

  /** Takes the fault for a call to `route`, if one is planned. */
  take(route: string): QQCallFault | undefined {
    const planned = this.#planned.find((candidate) => candidate.route === route || candidate.route === '*')
    if (planned === undefined) return undefined
    planned.left -= 1
    if (planned.left <= 0) this.#planned.splice(this.#planned.indexOf(planned), 1)
    return planned.fault
  }

  /** Makes every token worthless before its time. */
  revokeTokens(): void {
    this.#tokens.revoke()
  }

  /** Closes every gateway socket with a code, or breaks them without a handshake when none is given. */
  dropSockets(code?: number, reason?: string): void {
    this.#gateway.drop(code, reason)
  }

  /** Forgets all gateway sessions, so that a Resume ends in close code 4006. */
  forgetSessions(): void {
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

  /** Answers the next logins (Identify or Resume) with a close code or op 9. */
  refuseLogins(refusal: QQLoginRefusal, times = 1): void {
    this.#gateway.refuseLogins(refusal, times)
  }

  /** Answers the next WebSocket upgrades with an HTTP status. */
  refuseUpgrades(status: number, times = 1): void {
    this.#gateway.refuseUpgrades(status, times)
  }

  /** Sends a frame as it is: text that is no JSON, a binary frame, an opcode of the future. */
  sendFrame(frame: JsonObject | string | Buffer): void {
    this.#gateway.broadcast(frame)
  }

  /** Leaves the next heartbeats without ack. */
  withholdAcks(times: number = Number.POSITIVE_INFINITY): void {
    this.#gateway.withholdAcks(times)
  }

  /** Leaves the next connections without Hello. */
  withholdHellos(times = 1): void {
    this.#gateway.withholdHellos(times)
  }

  /** Delivers the next events twice, under one outer id. */
  duplicateEvents(times = 1): void {
    this.#delivery.duplicate(times)
  }

  /** Delivers the next events late, by the emulator's clock. */
  delayEvents(delayMs: number, times = 1): void {
    this.#delivery.delay(delayMs, times)
  }

  /** Spoils signature, timestamp, AppID or body of the next webhook pushes. */
  tamperPushes(tampering: QQTampering, times = 1): void {
    this.#webhook.tamper(tampering, times)
  }

  /** Moves the platform's idea of the time in webhook signatures, in ms; 0 puts it right. */
  skewPushes(skewMs: number): void {
    this.#webhook.skewMs = skewMs
  }
}
