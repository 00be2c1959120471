import { deferred } from '@mynah/core/adapter'

import type { Timers } from '../world/timers.ts'
import { type Held, Hold } from './held.ts'
import { Plan } from './plan.ts'

/**
 * What goes wrong with a call. The kinds are the same on every platform; `E` is how one writes its error answers.
 *
 * - `answer-lost`: it is carried out, and nothing ever comes back, as from a dead peer.
 * - `connection-dropped`: the connection breaks instead of an answer.
 * - `hang`: it is not carried out, and nothing ever comes back.
 * - `late`: it is carried out, and answered `delayMs` later.
 * - `error-answer`: something else comes back than should.
 */
export type CallFault<E extends object> = (
  | { readonly kind: 'answer-lost' | 'hang' }
  | {
      readonly kind: 'connection-dropped'
      /** Whether the call is carried out before: the bot cannot know that it was. @defaultValue false */
      readonly carriedOut?: boolean
    }
  | { readonly kind: 'late'; readonly delayMs: number }
  | ({
      readonly kind: 'error-answer'
      /** Whether the call is carried out before: the bot cannot know that it was. @defaultValue false */
      readonly carriedOut?: boolean
    } & E)
) & {
  /** How much later than usual the answer, or what stands for it, comes; in ms of the emulator's clock. @defaultValue 0 */
  readonly delayMs?: number
}

/** What comes of a call: an answer, nothing at all, or the end of the connection. */
export type CallOutcome<A> =
  /** As the platform writes it; an error answer, too. */
  | { readonly answer: A }
  /** Nothing comes back, and the connection stays. */
  | 'silence'
  /** The connection breaks. */
  | 'drop'

/** How a call is dealt with. */
export interface CallSteps<A extends object, E extends object> {
  /** Carries it out. */
  carryOut(): A | Promise<A>
  /** Writes the error answer of a fault. */
  errorAnswer(fault: E): A
  /**
   * Hears how the platform dealt with the call, before any delay: with the answer that it made, even when this never
   * arrives, or with undefined when it did nothing.
   */
  dealtWith?(made: A | undefined): void
}

interface Planned<E extends object> {
  readonly fits: (call: string | undefined) => boolean
  readonly fault: CallFault<E>
}

/** Lets calls go wrong as it was planned. */
export class CallFaults<E extends object> {
  readonly #timers: Timers
  readonly #select: (selector: string) => (call: string | undefined) => boolean
  readonly #planned = new Plan<Planned<E>>()
  readonly #holds = new Map<Hold<() => void>, (call: string | undefined) => boolean>()

  /** @param select - Reads what a test calls a call by; throws for what the platform does not have. */
  constructor(timers: Timers, select: (selector: string) => (call: string | undefined) => boolean) {
    this.#timers = timers
    this.#select = select
  }

  /**
   * Lets the next calls go wrong.
   *
   * @param times - How many. @defaultValue 1
   * @throws MynahError `TEST_EXPECTATION` for a call that the platform does not have.
   */
  plan(selector: string, fault: CallFault<E>, times?: number): void {
    this.#planned.add({ fits: this.#select(selector), fault }, times)
  }

  /** Keeps the answers of calls back until they are released. */
  hold(selector: string): Held<() => void> {
    const hold: Hold<() => void> = new Hold(
      (letGo) => letGo(),
      () => this.#holds.delete(hold),
    )
    this.#holds.set(hold, this.#select(selector))
    return hold
  }

  /**
   * Deals with a call, or lets it go wrong when that is planned.
   *
   * @param call - Its name; undefined when the platform does not have it.
   */
  async run<A extends object>(call: string | undefined, steps: CallSteps<A, E>): Promise<CallOutcome<A>> {
    const fault = this.#planned.take(({ fits }) => fits(call))?.fault
    const made = await answerOf(fault, steps)
    steps.dealtWith?.(made)
    if (fault?.delayMs !== undefined) await this.#timers.sleep(fault.delayMs)
    for (const [hold, fits] of this.#holds) {
      if (!fits(call)) continue
      const gate = deferred()
      hold.keep(() => gate.resolve())
      await gate.promise
    }
    if (fault?.kind === 'connection-dropped') return 'drop'
    // What waited for an emulator that has closed meanwhile goes nowhere.
    if (this.#timers.isClosed) return 'silence'
    const isAnswered = made !== undefined && fault?.kind !== 'answer-lost'
    return isAnswered ? { answer: made } : 'silence'
  }

  /** Ends every plan; answers that were held are let go. */
  clear(): void {
    this.#planned.clear()
    for (const hold of this.#holds.keys()) hold.release()
  }
}

/** The answer that the platform makes; undefined when it does nothing. */
async function answerOf<A extends object, E extends object>(
  fault: CallFault<E> | undefined,
  steps: CallSteps<A, E>,
): Promise<A | undefined> {
  switch (fault?.kind) {
    case 'hang':
      return undefined
    case 'connection-dropped':
      return fault.carriedOut === true ? steps.carryOut() : undefined
    case 'error-answer':
      if (fault.carriedOut === true) await steps.carryOut()
      return steps.errorAnswer(fault)
    case 'answer-lost':
    case 'late':
    case undefined:
      break
  }
  return steps.carryOut()
}
