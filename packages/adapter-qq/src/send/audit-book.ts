import {
  type Clock,
  type FailedReceipt,
  MynahError,
  type PendingReceipt,
  type SettledReceipt,
} from '@mynah/core'
import { failedReceipt } from '@mynah/core/adapter'

/** How long an audit is waited for, in ms. */
const waitLimitMs = 24 * 3_600_000
/** How long a result is kept for a send whose own answer comes after it, in ms. */
const earlyLimitMs = 60_000

/** Connects messages that wait for the platform's audit with the events that tell how it ended. */
export class AuditBook {
  readonly #clock: Clock
  readonly #isTold: boolean
  readonly #onSettled: (auditId: string, receipt: SettledReceipt) => void
  /** Cancels the wait, by audit. */
  readonly #waiting = new Map<string, () => void>()
  readonly #early = new Map<string, { readonly receipt: SettledReceipt; readonly until: number }>()

  /** @param isTold - Whether the platform sends audit events; without them nobody hears how it ends. */
  constructor(clock: Clock, isTold: boolean, onSettled: (auditId: string, receipt: SettledReceipt) => void) {
    this.#clock = clock
    this.#isTold = isTold
    this.#onSettled = onSettled
  }

  /** The receipt of a message that is audited. */
  pending(auditId: string): PendingReceipt {
    this.#watch(auditId)
    return { status: 'pending', messageIds: [], auditId }
  }

  /** The message passed and has its id now. @returns Whether somebody waited for it. */
  pass(auditId: string, messageId: string | undefined): boolean {
    return this.#settle(auditId, {
      status: 'delivered',
      messageIds: messageId === undefined ? [] : [messageId],
    })
  }

  /** The message was refused. @returns Whether somebody waited for it. */
  reject(auditId: string): boolean {
    return this.#settle(
      auditId,
      failedReceipt(new MynahError('API_REJECTED', `The audit ${auditId} refused the message.`)),
    )
  }

  /** Ends all waiting. */
  stop(): void {
    const error = new MynahError('BOT_OFFLINE', 'The bot stopped before the audit ended.')
    for (const id of this.#waiting.keys()) this.#settle(id, failedReceipt(error))
  }

  #watch(auditId: string): void {
    const early = this.#early.get(auditId)
    this.#early.delete(auditId)
    if (early !== undefined) return this.#onSettled(auditId, early.receipt)
    if (!this.#isTold)
      return this.#onSettled(auditId, unknown('Ask for the intent MESSAGE_AUDIT to hear about it.'))
    const cancel = this.#clock.setTimeout(
      () => this.#settle(auditId, unknown('Nothing was heard of it for a day.')),
      waitLimitMs,
    )
    this.#waiting.set(auditId, cancel)
  }

  #settle(auditId: string, receipt: SettledReceipt): boolean {
    const cancel = this.#waiting.get(auditId)
    if (cancel === undefined) {
      this.#keepEarly(auditId, receipt)
      return false
    }
    this.#waiting.delete(auditId)
    cancel()
    this.#onSettled(auditId, receipt)
    return true
  }

  #keepEarly(auditId: string, receipt: SettledReceipt): void {
    const now = this.#clock.monotonic()
    for (const [id, { until }] of this.#early) if (until <= now) this.#early.delete(id)
    this.#early.set(auditId, { receipt, until: now + earlyLimitMs })
  }
}

function unknown(why: string): FailedReceipt {
  return failedReceipt(new MynahError('SEND_FAILED', `How the audit ended is not known. ${why}`))
}
