import { randomBytes } from 'node:crypto'
import { encodeFrame, type EventFrame, type KookFrameForm } from './frames.ts'
import type { KookGatewayFaults } from '../faults/gateway-faults.ts'
import type { ActivityOf, GatewayLog, KookGatewayActivity } from './activity-log.ts'
import type { GatewayServer } from './server.ts'

/** The gateway as a test holds it: who is connected, what clients did, and what goes wrong. */
export class KookGateway {
  /** Troubles planned for what comes. */
  readonly faults: KookGatewayFaults
  readonly #server: GatewayServer
  readonly #log: GatewayLog

  constructor(server: GatewayServer, faults: KookGatewayFaults, log: GatewayLog) {
    this.#server = server
    this.faults = faults
    this.#log = log
  }

  // ---- who is there

  /** Whether a connection gets events right now. */
  get isConnected(): boolean {
    return this.#server.live !== undefined
  }

  /** How many connections are open, silent ones included. */
  get connections(): number {
    return this.#server.links.size
  }

  /** How clients connected, oldest first. */
  get opened(): readonly ActivityOf<'open'>[] {
    return this.#log.opened
  }

  /** The number of the newest event of the current session; 0 before the first. */
  get lastSn(): number {
    return this.#server.session?.lastSn ?? 0
  }

  /** The id of the session that gets the events. */
  get sessionId(): string | undefined {
    return this.#server.session?.id
  }

  /** Resolves as soon as a client is connected, was greeted, and gets events. */
  ready(): Promise<void> {
    return this.#server.ready()
  }

  /**
   * Waits for something a client does that was not waited for before.
   *
   * @throws MynahError `TEST_EXPECTATION` when it does not happen in time.
   */
  expect<K extends KookGatewayActivity['kind']>(
    kind: K,
    accepts: (activity: ActivityOf<K>) => boolean = () => true,
    timeoutMs = 5000,
  ): Promise<ActivityOf<K>> {
    return this.#log.expect(kind, accepts, timeoutMs)
  }

  // ---- what goes wrong at once

  /** Breaks every connection without a closing handshake. The session can be resumed. */
  drop(): void {
    for (const { socket } of this.#server.links) socket.terminate()
  }

  /** Closes every connection with a code. The session can be resumed. */
  closeConnections(code = 1000): void {
    for (const { socket } of this.#server.links) socket.close(code)
  }

  /** Sends RECONNECT, without a code for null, and forgets the session. */
  reconnect(code: number | null = 40108, err = 'Invalid SN'): void {
    this.#server.reconnect(code, err)
  }

  /** Forgets the current session, so that resuming it fails with 40107. */
  expireSession(): void {
    this.#server.expireSession()
  }

  /** Makes every gateway URL given out so far answer 40103. */
  expireTokens(): void {
    this.#server.expireTokens()
  }

  /** Events wait from now on, until {@link releaseEvents}. */
  holdEvents(): void {
    this.#server.holdEvents()
  }

  /** Sends the events held, in an order of choice: `(events) => events.toReversed()`. */
  releaseEvents(order: (events: readonly EventFrame[]) => readonly EventFrame[] = (events) => events): void {
    this.#server.releaseEvents(order)
  }

  /** Sends any frame as it is, without a number of its own; `form` defaults to that of the connection. */
  send(frame: unknown, form?: KookFrameForm): void {
    for (const link of this.#server.links) link.socket.send(encodeFrame(frame, form ?? link.form))
  }

  /** Sends a binary frame that is no zlib stream. */
  sendGarbage(bytes: Uint8Array = randomBytes(32)): void {
    for (const { socket } of this.#server.links) socket.send(bytes, { binary: true })
  }

  /** Sends the first half of a compressed event. */
  sendTruncatedFrame(): void {
    const whole = Buffer.from(encodeFrame({ s: 0, d: {}, sn: this.lastSn + 1 }, 'zlib'))
    this.sendGarbage(whole.subarray(0, whole.length >> 1))
  }
}
