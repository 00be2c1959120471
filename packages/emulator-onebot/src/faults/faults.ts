import { deferred } from '@mynah/core/adapter'

/** What goes wrong with the answer of a call. */
export interface AnswerFault {
  /** The action it applies to. @defaultValue every action */
  action?: string
  /** How many calls it applies to. @defaultValue every call until cleared */
  times?: number
  /** Pause before the answer, in ms; longer than the client's time-out makes it late. */
  delayMs?: number
  /** The call is carried out, the answer never sent. */
  lose?: boolean
  /** The call is not carried out; this is the answer instead, without `echo`. */
  answer?: Record<string, unknown>
  /** The connection is cut after the call was carried out, before it is answered. */
  disconnect?: boolean
}

/** Answers that wait until the test lets them go. */
export interface HeldAnswers {
  /** How many calls wait. */
  readonly waiting: number
  /** Sends what waits, in the order given, and holds no more. @param order - @defaultValue as they came */
  release(order?: 'first-come' | 'last-come'): void
}

interface Hold {
  action: string | undefined
  gates: (() => void)[]
}

/** What goes wrong on purpose. Faults of one socket are methods of the `Connection`. */
export class Faults {
  readonly #answers: AnswerFault[] = []
  readonly #holds = new Set<Hold>()
  readonly #timers = new Set<NodeJS.Timeout>()
  #eventDelayMs = 0
  #copies = 1

  /** Every event is written `copies` times. */
  duplicateEvents(copies = 2): void {
    this.#copies = copies
  }

  /** Every event is written this many ms late; order is kept. */
  delayEvents(ms: number): void {
    this.#eventDelayMs = ms
  }

  /** Makes answers go wrong, from the next call on. */
  answers(fault: AnswerFault): void {
    this.#answers.push({ ...fault })
  }

  /** Keeps answers back until they are released, so that a test decides their order. */
  holdAnswers(action?: string): HeldAnswers {
    const hold: Hold = { action, gates: [] }
    this.#holds.add(hold)
    return {
      get waiting() {
        return hold.gates.length
      },
      release: (order = 'first-come') => {
        this.#holds.delete(hold)
        const gates = hold.gates.splice(0)
        for (const open of order === 'first-come' ? gates : gates.reverse()) open()
      },
    }
  }

  /** Ends every fault; answers that were held are sent. */
  clear(): void {
    this.#answers.length = 0
    this.#eventDelayMs = 0
    this.#copies = 1
    for (const hold of this.#holds) for (const open of hold.gates.splice(0)) open()
    this.#holds.clear()
  }

  /** Ends the faults and every wait in progress. */
  close(): void {
    this.clear()
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }

  /** The fault that the next call of this action meets; counts it. */
  next(action: string): AnswerFault | undefined {
    const index = this.#answers.findIndex((fault) => (fault.action ?? action) === action)
    const fault = this.#answers[index]
    if (fault?.times === undefined) return fault
    fault.times -= 1
    if (fault.times <= 0) this.#answers.splice(index, 1)
    return fault
  }

  /** Settles when the answer may be sent. */
  async wait(action: string, fault: AnswerFault | undefined): Promise<void> {
    if (fault?.delayMs !== undefined) await this.#sleep(fault.delayMs)
    for (const hold of this.#holds) {
      if ((hold.action ?? action) !== action) continue
      const gate = deferred()
      hold.gates.push(() => gate.resolve())
      await gate.promise
    }
  }

  /** Hands an event on as the faults of events want it. */
  async passEvent(deliver: () => Promise<void> | undefined): Promise<void> {
    if (this.#eventDelayMs > 0) await this.#sleep(this.#eventDelayMs)
    for (let copy = 0; copy < this.#copies; copy += 1) await deliver()
  }

  /** Whether events pass untouched. */
  get leavesEventsAlone(): boolean {
    return this.#eventDelayMs === 0 && this.#copies === 1
  }

  #sleep(ms: number): Promise<void> {
    const slept = deferred()
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      slept.resolve()
    }, ms)
    this.#timers.add(timer)
    return slept.promise
  }
}
