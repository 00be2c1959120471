import { Mailbox } from '@mynah/core/testing'

/** How a {@link CallLog} tells calls apart and shows them. */
export interface CallLogOptions<C> {
  /** How a call reads in the error of a failed expectation; leave secrets out. */
  readonly describe: (call: C) => string
  /**
   * Reads what a test calls a call by, such as `POST /message/create`.
   *
   * @throws MynahError `TEST_EXPECTATION` for what the platform does not have.
   */
  readonly select: (selector: string) => (call: C) => boolean
  /** How many calls are kept, the newest ones; a load test looks at none of them. @defaultValue no limit */
  readonly limit?: number
}

/** Every call that the bot made, to look at and to wait for. */
export class CallLog<C> {
  readonly #options: CallLogOptions<C>
  readonly #limit: number
  readonly #unseen: Mailbox<C>
  readonly #all: C[] = []

  constructor(options: CallLogOptions<C>) {
    this.#options = options
    this.#limit = options.limit ?? Number.POSITIVE_INFINITY
    this.#unseen = new Mailbox(options.describe, this.#limit)
  }

  /** Oldest first; of more than the limit only the newest. */
  get all(): readonly C[] {
    return this.#all
  }

  /** Notes a call that has just come; nobody can wait for it before it is {@link done}. */
  begin(call: C): void {
    this.#all.push(call)
    // In large steps, so that a load test does not move the list on each call.
    if (this.#all.length > this.#limit * 2) this.#all.splice(0, this.#limit)
  }

  /** Tells that a call was dealt with, in whichever way. */
  done(call: C): void {
    this.#unseen.push(call)
  }

  /** Notes a call that was dealt with already. */
  add(call: C): void {
    this.begin(call)
    this.done(call)
  }

  /**
   * Takes the first call that fits and was not taken before, whether it came already or is still to come.
   *
   * @param timeoutMs - How long to wait. @defaultValue 5000
   * @throws MynahError `TEST_EXPECTATION` with the calls there were when none comes in time.
   */
  expect(selector: string, accepts: (call: C) => boolean = () => true, timeoutMs?: number): Promise<C> {
    const isSelected = this.#options.select(selector)
    return this.#unseen.take((call) => isSelected(call) && accepts(call), `a call of ${selector}`, timeoutMs)
  }

  /** Forgets every call so far. */
  clear(): void {
    this.#all.length = 0
    this.#unseen.clear()
  }
}
