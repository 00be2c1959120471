import { Mailbox } from '@mynah/core/testing'
import { describeMessage, type QQBotMessage } from './message.ts'

/** A message that waits for the platform's content check. */
export interface QQAudit {
  /** The `audit_id` the bot was told. */
  readonly id: string
  /** The message of the bot. */
  readonly message: QQBotMessage
  /** Lets it through: the recipients get it, the bot gets MESSAGE_AUDIT_PASS. */
  pass(): void
  /** Refuses it: the bot gets MESSAGE_AUDIT_REJECT. */
  reject(): void
}

/** The content check: decides which messages wait, and holds those that do. */
export class Audits {
  readonly #pending = new Mailbox<QQAudit>(({ message }) => describeMessage(message))
  #held = 0

  /** Sends the next `times` messages of the bot to the audit. */
  hold(times = 1): void {
    this.#held += times
  }

  /** Takes the next message that waits for audit. */
  next(): Promise<QQAudit> {
    return this.#pending.take(() => true, 'a message waiting for audit')
  }

  /** Whether the message being sent now has to wait; asking uses up one {@link Audits.hold}. */
  claim(): boolean {
    if (this.#held === 0) return false
    this.#held -= 1
    return true
  }

  add(audit: QQAudit): void {
    this.#pending.push(audit)
  }
}
