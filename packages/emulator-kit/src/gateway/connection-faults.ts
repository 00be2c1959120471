import { Plan } from '../faults/plan.ts'

/** What is planned for connections; `R` is how a login is refused. */
export class ConnectionFaults<R> {
  /** HTTP statuses of upgrades that are refused. */
  readonly refusals: Plan<number> = new Plan()
  /** Connections that get no greeting. */
  readonly hellos: Plan<true> = new Plan()
  /** Heartbeats that get no answer. */
  readonly heartbeatAcks: Plan<true> = new Plan()
  /** Logins that are refused. */
  readonly logins: Plan<R> = new Plan()

  /** Ends every plan. */
  clear(): void {
    for (const plan of [this.refusals, this.hellos, this.heartbeatAcks, this.logins]) plan.clear()
  }
}
