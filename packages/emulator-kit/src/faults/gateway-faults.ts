import { type FaultParts, Faults } from './faults.ts'

/** What goes wrong on purpose where clients log in at a gateway and send heartbeats. */
export class GatewayFaults<E extends object, Event, R> extends Faults<E, Event, R> {
  readonly #connections: FaultParts<E, Event, R>['connections']

  constructor(parts: FaultParts<E, Event, R>) {
    super(parts)
    this.#connections = parts.connections
  }

  /** Lets the next connections get no Hello, and nothing else. @param times - How many. @defaultValue 1 */
  withholdHellos(times?: number): void {
    this.#connections.hellos.add(true, times)
  }

  /** Lets the next heartbeats get no answer. @param times - How many. @defaultValue 1 */
  withholdHeartbeatAcks(times?: number): void {
    this.#connections.heartbeatAcks.add(true, times)
  }

  /** Refuses the next logins. @param times - How many. @defaultValue 1 */
  refuseLogins(refusal: R, times?: number): void {
    this.#connections.logins.add(refusal, times)
  }
}
