import { ApiRefusal } from '../calls/refusal.ts'
import { Mailbox } from '@mynah/core/testing'

/** What the bot answered to an interaction: 0 done, 1 failed, 2 too frequent, 3 repeated, 4 no right, 5 managers only. */
export interface QQInteractionAck {
  readonly code: number
  /** Milliseconds between the event and the answer. */
  readonly afterMs: number
}

interface Pending {
  readonly createdAt: number
  readonly acks: Mailbox<QQInteractionAck>
}

/** The interactions that users started, and the answers of the bot. */
export class Interactions {
  readonly #pending = new Map<string, Pending>()

  open(id: string, createdAt: number): Mailbox<QQInteractionAck> {
    const acks = new Mailbox<QQInteractionAck>()
    this.#pending.set(id, { createdAt, acks })
    return acks
  }

  /** @throws ApiRefusal 630002 for an unknown id. */
  acknowledge(id: string, code: number, now: number): void {
    const pending = this.#pending.get(id)
    if (pending === undefined) throw new ApiRefusal(630002)
    pending.acks.push({ code, afterMs: now - pending.createdAt })
  }
}
