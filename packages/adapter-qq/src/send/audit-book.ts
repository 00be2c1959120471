import { type Clock, type FailedReceipt, MynahError, type Receipt, type SettledReceipt } from '@mynah/core'
import { BoundedMap, failedReceipt } from '@mynah/core/adapter'

/** Hears how the audit of a message ended. */
export type AuditListener = (auditId: string, receipt: SettledReceipt) => void

/** How long an audit is waited for, in ms. */
const waitLimitMs = 24 * 3_600_000

/** Connects messages that wait for the platform's audit with the events that tell how it ended. */
export class AuditBook {
  readonly #clock: Clock
  readonly #isTold: boolean
  readonly #listener: AuditListener
  /** Audits that are waited for, each with what ends the wait. */
  readonly #waiting = new Map<string, () => void>()
  /** Results that came before their receipt. */
  readonly #early = new BoundedMap<string, SettledReceipt>({ maxEntries: 1000 })

  /** @param isTold - Whether the platform sends audit events; without them nobody hears how it ends. */
  constructor(clock: Clock, isTold: boolean, listener: AuditListener) {
    this.#clock = clock
    this.#isTold = isTold
    this.#listener = listener
  }

  /** The receipt of a message that is audited. */
  receiptOf(auditId: string): Receipt {
    const early = this.#early.get(auditId)
    this.#early.delete(auditId)
    if (early !== undefined) return early
    const [delayMs, why] = this.#isTold
      ? [waitLimitMs, 'Nothing was heard of it for a day.']
      : [0, 'Ask for the intent MESSAGE_AUDIT to hear about it.']
    const cancel = this.#clock.setTimeout(() => this.#settle(auditId, unknown(why)), delayMs)
    this.#waiting.set(auditId, cancel)
    return { status: 'pending', messageIds: [], auditId }
  }

  /** The message passed and has its id now. */
  pass(auditId: string, messageId: string | undefined): void {
    this.#settle(auditId, {
      status: 'delivered',
      messageIds: messageId === undefined ? [] : [messageId],
    })
  }

  /** The message was refused. */
  reject(auditId: string): void {
    this.#settle(
      auditId,
      failedReceipt(new MynahError('API_REJECTED', `The audit ${auditId} refused the message.`)),
    )
  }

  /** Ends all waiting. */
  stop(): void {
    for (const auditId of this.#waiting.keys()) {
      this.#settle(auditId, unknown('The bot stopped before it did.'))
    }
  }

  #settle(auditId: string, receipt: SettledReceipt): void {
    const cancel = this.#waiting.get(auditId)
    if (cancel === undefined) return this.#early.set(auditId, receipt)
    this.#waiting.delete(auditId)
    cancel()
    this.#listener(auditId, receipt)
  }
}

function unknown(why: string): FailedReceipt {
  return failedReceipt(new MynahError('SEND_FAILED', `How the audit ended is not known. ${why}`))
}
