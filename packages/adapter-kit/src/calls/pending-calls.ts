import { type Clock, MynahError, systemClock } from '@mynah/core'
import { type Deferred, deferred } from '@mynah/core/adapter'

import { CallSlots, type Numbered } from './call-slots.ts'

/** Options of {@link PendingCalls}. */
export interface PendingCallsOptions {
  /** Opens every id, so that the ids of two connections never meet. @defaultValue '' */
  prefix?: string
  /** How long an answer may take unless the call says otherwise, in ms. @defaultValue 30000 */
  timeoutMs?: number
  /** Runs the deadlines. @defaultValue the clock of the machine */
  clock?: Clock
}

/** Options of one call. */
export interface PendingCallOptions<T> {
  /** What is called, for error messages; for instance the action's name. */
  label: string
  /** How long the answer, or the next part of it, may take, in ms. */
  timeoutMs?: number | undefined
  /** Gets the parts of an answer that comes in several frames, before the last one. */
  onPart?: ((part: T) => void) | undefined
}

interface Call<T> extends Numbered {
  readonly id: string
  readonly answer: Deferred<T>
  readonly label: string
  readonly timeoutMs: number
  readonly onPart: ((part: T) => void) | undefined
  deadline: number
}

/** Sweeps come no closer together than this, so many different time-outs do not make many sweeps. */
const minSweepMs = 20

/**
 * Calls that were written to a connection and wait for the answer with their id. One timer serves them all:
 * a time-out is never early and at most 20 ms late. The timer may outlive the last call; `rejectAll` ends it.
 *
 * @example
 * ```ts
 * const answer = calls.start((echo) => socket.send(JSON.stringify({ action, params, echo })), { label: action })
 * // when a frame comes in
 * if (!calls.settle(frame.echo, frame)) logger.debug({ echo: frame.echo }, 'An answer came too late.')
 * ```
 */
export class PendingCalls<T> {
  readonly #calls = new CallSlots<Call<T>>()
  readonly #prefix: string
  readonly #timeoutMs: number
  readonly #clock: Clock
  #sweepAt = Infinity
  #cancelSweep: (() => void) | undefined

  constructor(options: PendingCallsOptions = {}) {
    this.#prefix = options.prefix ?? ''
    this.#timeoutMs = options.timeoutMs ?? 30_000
    this.#clock = options.clock ?? systemClock
  }

  /** How many calls wait. */
  get size(): number {
    return this.#calls.size
  }

  /** The id of the only call that waits; `undefined` when there is none or more than one. */
  get soleId(): string | undefined {
    if (this.#calls.size !== 1) return undefined
    for (const { id } of this.#calls) return id
    return undefined
  }

  /**
   * Writes a call and waits for its answer.
   *
   * @param write - Sends the call under the given id; `false` means that nothing was sent.
   * @throws MynahError (as a rejection) `BOT_OFFLINE` when nothing was sent, so it is safe to try again;
   * `API_TIMEOUT` when no answer came and `CONNECTION_CLOSED` when the connection ended first: either way
   * the call may have been carried out. `SEND_FAILED` with the cause when `write` threw.
   */
  start(write: (id: string) => boolean, options: PendingCallOptions<T>): Promise<T> {
    const number = this.#calls.next()
    const id = `${this.#prefix}${number}`
    const timeoutMs = options.timeoutMs ?? this.#timeoutMs
    const answer = deferred<T>()
    const { label, onPart } = options
    const deadline = this.#clock.monotonic() + timeoutMs
    // Before the write: an answer may come while it runs.
    this.#calls.add({ number, id, answer, label, timeoutMs, onPart, deadline })
    const failure = tryToWrite(write, id, label)
    if (failure !== undefined) this.reject(id, failure)
    else if (deadline < this.#sweepAt) this.#sweepBy(deadline)
    return answer.promise
  }

  /** Gives the (last) answer to its call. @returns `false` when nobody waits for it (any more). */
  settle(id: string, answer: T): boolean {
    const call = this.#find(id)
    if (call === undefined) return false
    this.#calls.delete(call)
    call.answer.resolve(answer)
    return true
  }

  /**
   * Gives one part of an answer to its call and lets it wait for the next one. A part listener that throws
   * ends the call with its error.
   *
   * @returns `false` when nobody waits for it (any more).
   */
  part(id: string, part: T): boolean {
    const call = this.#find(id)
    if (call === undefined) return false
    call.deadline = this.#clock.monotonic() + call.timeoutMs
    try {
      call.onPart?.(part)
    } catch (error) {
      this.reject(id, MynahError.from(error, 'API_INVALID_RESPONSE'))
    }
    return true
  }

  /** Ends a call with an error. @returns `false` when nobody waits for it (any more). */
  reject(id: string, error: MynahError): boolean {
    const call = this.#find(id)
    if (call === undefined) return false
    this.#calls.delete(call)
    call.answer.reject(error)
    return true
  }

  /**
   * Ends every call with `CONNECTION_CLOSED`: all of them had been written, so their outcome is unknown.
   * The table may be used again; ids are not given twice.
   *
   * @param detail - Why, for the error message.
   */
  rejectAll(detail: string): void {
    this.#cancelSweep?.()
    this.#cancelSweep = undefined
    this.#sweepAt = Infinity
    const calls = [...this.#calls]
    this.#calls.clear()
    for (const call of calls) {
      call.answer.reject(new MynahError('CONNECTION_CLOSED', `${call.label} had no answer yet. ${detail}`))
    }
  }

  #find(id: string): Call<T> | undefined {
    const call = this.#calls.get(Number(id.slice(this.#prefix.length)))
    return call?.id === id ? call : undefined
  }

  #sweepBy(deadline: number): void {
    const now = this.#clock.monotonic()
    this.#cancelSweep?.()
    this.#sweepAt = Math.max(deadline, now + minSweepMs)
    this.#cancelSweep = this.#clock.setTimeout(() => this.#sweep(), this.#sweepAt - now)
  }

  #sweep(): void {
    const now = this.#clock.monotonic()
    this.#sweepAt = Infinity
    this.#cancelSweep = undefined
    let soonest = Infinity
    for (const call of this.#calls) {
      if (call.deadline <= now) this.reject(call.id, timedOut(call))
      else if (call.deadline < soonest) soonest = call.deadline
    }
    if (soonest < Infinity) this.#sweepBy(soonest)
  }
}

function tryToWrite(write: (id: string) => boolean, id: string, label: string): MynahError | undefined {
  try {
    if (write(id)) return undefined
  } catch (error) {
    return MynahError.from(error, 'SEND_FAILED')
  }
  return new MynahError('BOT_OFFLINE', `${label} was not sent. Try again when the bot is back.`, {
    retriable: true,
  })
}

function timedOut(call: Pick<Call<unknown>, 'label' | 'timeoutMs'>): MynahError {
  return new MynahError('API_TIMEOUT', `${call.label} had no answer within ${call.timeoutMs} ms.`)
}
