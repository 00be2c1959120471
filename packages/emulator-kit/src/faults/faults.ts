import type { ConnectionFaults } from '../gateway/connection-faults.ts'
import type { CallFault, CallFaults } from './call-faults.ts'
import type { EventFaults } from './event-faults.ts'
import type { Held } from './held.ts'

/** What {@link Faults} plans with. */
export interface FaultParts<E extends object, Event, R> {
  /** Where faults of calls are planned. */
  readonly calls: CallFaults<E>
  /** Where faults of events are planned. */
  readonly events: EventFaults<Event>
  /** Where refused connections are planned. */
  readonly connections: ConnectionFaults<R>
  /** Ends the open connections. */
  readonly drop: (code?: number, reason?: string) => void
}

/**
 * What goes wrong on purpose, in the words that all emulators share. What is planned is used up in the order in
 * which it was asked for; `Infinity` times last until {@link Faults.clear}.
 */
export class Faults<E extends object, Event, R = never> {
  readonly #parts: FaultParts<E, Event, R>

  constructor(parts: FaultParts<E, Event, R>) {
    this.#parts = parts
  }

  /**
   * Lets the next calls go wrong.
   *
   * @param call - Which calls: a name as for `expectCall`, or `*` for any.
   * @param times - How many calls. @defaultValue 1
   * @throws MynahError `TEST_EXPECTATION` for a call that the platform does not have.
   */
  call(call: string, fault: CallFault<E>, times?: number): void {
    this.#parts.calls.plan(call, fault, times)
  }

  /**
   * Keeps the answers of calls back until they are released, so that a test decides their order.
   *
   * @param call - Which calls: a name as for `expectCall`. @defaultValue `*`, any
   */
  holdAnswers(call = '*'): Held<() => void> {
    return this.#parts.calls.hold(call)
  }

  /** Lets the next events never arrive. @param times - How many. @defaultValue 1 */
  loseEvents(times?: number): void {
    this.#parts.events.lose(times)
  }

  /** Lets the next events arrive twice. @param times - How many. @defaultValue 1 */
  duplicateEvents(times?: number): void {
    this.#parts.events.duplicate(times)
  }

  /** Lets the next events arrive late, by the emulator's clock. @param times - How many. @defaultValue 1 */
  delayEvents(delayMs: number, times?: number): void {
    this.#parts.events.delay(delayMs, times)
  }

  /** Keeps events back until they are released, in an order of choice. */
  holdEvents(): Held<() => void> {
    return this.#parts.events.hold()
  }

  /** Closes every open connection with a code, or breaks them without a closing handshake when none is given. */
  dropConnections(code?: number, reason?: string): void {
    this.#parts.drop(code, reason)
  }

  /**
   * Refuses the next WebSocket connections.
   *
   * @param status - The HTTP status of the refusal. @defaultValue 503
   * @param times - How many. @defaultValue 1
   */
  refuseConnections(status = 503, times?: number): void {
    this.#parts.connections.refusals.add(status, times)
  }

  /** Ends every plan; what was held back goes on its way. */
  clear(): void {
    this.#parts.calls.clear()
    this.#parts.events.clear()
    this.#parts.connections.clear()
  }
}
