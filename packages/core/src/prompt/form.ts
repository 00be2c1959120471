import type { Incoming } from '../event/incoming.ts'

/** A form that a plugin has declared by `ctx.form`; `session.form` begins it. `A` are its answers. */
export interface Form<A> {
  /** Its name, as the plugin declares it. */
  readonly name: string
  /** Asks the first question; called by `session.form`. */
  begin(incoming: Incoming, known: Partial<A>): Promise<void>
}
