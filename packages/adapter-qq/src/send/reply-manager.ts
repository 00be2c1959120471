import { MynahError, type ReplyBudget } from '@mynah/core'
import type { QQReferrer } from '../decode/referrer.ts'
import type { Target } from '../encode/target.ts'
import { ProactiveQuota } from './proactive-quota.ts'
import { type ReplyClaim, ReplyWindows, type ReplyWindowsOptions } from './reply-windows.ts'

/** One way to get a message out. */
export interface SendRoute {
  /** `undefined` for a proactive message. */
  readonly claim: ReplyClaim | undefined
  /** The message was certainly not sent: gives back what it would have used up. */
  release(): void
}

/** What a {@link ReplyManager} needs. */
export interface ReplyManagerOptions extends ReplyWindowsOptions {
  /** Whether messages that answer nothing may be sent. */
  readonly isProactive: boolean
}

/**
 * Finds a way for each message. An answer goes out as answer to its own event, else to another message of the
 * place, else as a proactive message; a message that answers nothing begins with the last way.
 */
export class ReplyManager {
  /** What can be answered. */
  readonly windows: ReplyWindows
  /** What may be sent unasked. */
  readonly quota: ProactiveQuota
  readonly #isProactive: boolean

  constructor(options: ReplyManagerOptions) {
    this.windows = new ReplyWindows(options)
    this.quota = new ProactiveQuota(options.clock)
    this.#isProactive = options.isProactive
  }

  /** What is left to say about an event, in its own place. */
  budget(target: Target, referrer: QQReferrer): ReplyBudget {
    return {
      ...this.windows.left(target, referrer),
      borrowable: this.windows.borrowable(target, referrer),
      proactive: this.#isProactive ? this.quota.left(target) : 0,
    }
  }

  /** How many messages can go out to a place now. */
  room(target: Target, referrer: QQReferrer | undefined): number {
    const own = referrer === undefined ? 0 : this.windows.left(target, referrer).replies
    const proactive = this.#isProactive ? this.quota.left(target) : 0
    return own + this.windows.borrowable(target, referrer) + proactive
  }

  /** A search for ways; ask again when one was refused. */
  search(target: Target, referrer: QQReferrer | undefined): RouteSearch {
    const answer = (): SendRoute | undefined =>
      referrer === undefined ? undefined : this.#asRoute(this.windows.claim(target, referrer))
    const borrowed = (): SendRoute | undefined => this.#asRoute(this.windows.borrow(target, referrer))
    const proactive = (reasons: string[]): SendRoute | undefined => this.#proactive(target, reasons)
    return new RouteSearch(referrer === undefined ? [proactive, borrowed] : [answer, borrowed, proactive])
  }

  #asRoute(claim: ReplyClaim | undefined): SendRoute | undefined {
    if (claim === undefined) return undefined
    return { claim, release: () => this.windows.release(claim) }
  }

  #proactive(target: Target, reasons: string[]): SendRoute | undefined {
    if (!this.#isProactive) {
      reasons.push('proactive messages are switched off (config: proactive)')
      return undefined
    }
    const verdict = this.quota.check(target)
    if (verdict.isAllowed) return { claim: undefined, release: this.quota.count(target) }
    const when = verdict.retryAt === undefined ? '' : ` until ${new Date(verdict.retryAt).toISOString()}`
    reasons.push(`${verdict.reason}${when}`)
    return undefined
  }
}

type Step = (reasons: string[]) => SendRoute | undefined

/** The ways for one message, one after the other. */
export class RouteSearch {
  readonly #steps: Step[]
  readonly #reasons: string[] = []

  constructor(steps: Step[]) {
    this.#steps = steps
  }

  /** The next way; `undefined` when there is none left. */
  next(): SendRoute | undefined {
    for (;;) {
      const step = this.#steps[0]
      if (step === undefined) return undefined
      const route = step(this.#reasons)
      // Only other messages can offer more than one way.
      if (route === undefined || route.claim === undefined) this.#steps.shift()
      if (route !== undefined) return route
    }
  }

  /** The platform refused a way; the reason goes into {@link error}. */
  refused(reason: string): void {
    this.#reasons.push(reason)
  }

  /** Why there is no way left. */
  error(target: Target): MynahError {
    const reasons = this.#reasons.length === 0 ? 'there is nothing to answer' : this.#reasons.join('; ')
    return new MynahError(
      'REPLY_WINDOW_CLOSED',
      `No message can go to ${target.kind} ${target.id} now: ${reasons}. Answer a new message, or wait.`,
    )
  }
}
