import {
  type Clock,
  type DeliveredReceipt,
  type FailedReceipt,
  failedReceipt,
  MynahError,
  type PendingReceipt,
} from '@mynah/core'

type Settled = DeliveredReceipt | FailedReceipt

interface Waiting {
  readonly settle: (receipt: Settled) => void
  readonly cancel: () => void
}

/** How long an audit is waited for, in ms. */
const waitLimitMs = 24 * 3_600_000
/** How long a result is kept for a send whose own answer comes after it, in ms. */
const earlyLimitMs = 60_000

/** Connects messages that wait for the platform's audit with the events that tell how it ended. */
export class AuditBook {
  readonly #clock: Clock
  readonly #isTold: boolean
  readonly #waiting = new Map<string, Waiting>()
  readonly #early = new Map<string, { readonly receipt: Settled; readonly until: number }>()

  /** @param isTold - Whether the platform sends audit events; without them nobody hears how it ends. */
  constructor(clock: Clock, isTold: boolean) {
    this.#clock = clock
    this.#isTold = isTold
  }

  /** The receipt of a message that is audited. */
  pending(auditId: string): PendingReceipt {
    return { status: 'pending', messageIds: [], auditId, settled: this.#settled(auditId) }
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

  #settled(auditId: string): Promise<Settled> {
    const early = this.#early.get(auditId)
    this.#early.delete(auditId)
    if (early !== undefined) return Promise.resolve(early.receipt)
    if (!this.#isTold) return Promise.resolve(unknown('Ask for the intent MESSAGE_AUDIT to hear about it.'))
    return new Promise((settle) => {
      const cancel = this.#clock.setTimeout(
        () => this.#settle(auditId, unknown('Nothing was heard of it for a day.')),
        waitLimitMs,
      )
      this.#waiting.set(auditId, { settle, cancel })
    })
  }

  #settle(auditId: string, receipt: Settled): boolean {
    const waiting = this.#waiting.get(auditId)
    if (waiting === undefined) {
      this.#keepEarly(auditId, receipt)
      return false
    }
    this.#waiting.delete(auditId)
    waiting.cancel()
    waiting.settle(receipt)
    return true
  }

  #keepEarly(auditId: string, receipt: Settled): void {
    const now = this.#clock.monotonic()
    for (const [id, { until }] of this.#early) if (until <= now) this.#early.delete(id)
    this.#early.set(auditId, { receipt, until: now + earlyLimitMs })
  }
}

function unknown(why: string): FailedReceipt {
  return failedReceipt(new MynahError('SEND_FAILED', `How the audit ended is not known. ${why}`))
}
