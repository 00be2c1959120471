import type { Content } from '../message/element.ts'
import { isSilent } from '../message/silent.ts'

/**
 * What became of a message. `answered`: something was said to it. `silent`: somebody took it and said nothing, as a
 * command without an answer, a middleware that ends it, or a question that it answers. `suggested`: no command was
 * found, and near ones are named. `refused`: a command was found and did not run, for who may not use it, uses it too
 * often or writes it wrongly. `failed`: who took it threw. `unanswered`: nobody took it.
 */
export type OutcomeStatus = 'answered' | 'silent' | 'suggested' | 'refused' | 'failed' | 'unanswered'

/** What became of a message so far, and who did it. */
export interface Outcome {
  /** What became of it. */
  readonly status: OutcomeStatus
  /** Who did it; absent where nobody took it, and for suggestions. */
  readonly by?: OutcomeAuthor
}

/** Who took a message. */
export interface OutcomeAuthor {
  /** Name of the plugin. */
  readonly plugin: string
  /** Full name of the command; absent for what is none. */
  readonly command?: string
}

const unanswered: Outcome = { status: 'unanswered' }
const suggested: Outcome = { status: 'suggested' }

/** Keeps what becomes of a message while it goes its way. */
export class OutcomeRecord {
  #now = unanswered
  /** The last that was said by a reply of its own, which no other answer takes back. */
  #said: Outcome | undefined
  /** The answer that is on its way out, and not said yet. */
  #coming: Content | void = undefined

  /** What became of it so far. */
  get now(): Outcome {
    return this.#now
  }

  /** Something is said at once, and not handed on as the answer. */
  said(plugin: string, command: string | undefined): void {
    this.#said = by('answered', plugin, command)
    this.#now = this.#said
  }

  /** Somebody took it, and gives an answer or none. */
  taken(answer: Content | void, plugin: string, command?: string): void {
    this.#coming = answer
    this.#now = isSilent(answer)
      ? (this.#said ?? by('silent', plugin, command))
      : by('answered', plugin, command)
  }

  /** It ends otherwise; the answer tells the person so. */
  ended(status: 'refused' | 'failed', answer: Content | void, plugin: string, command?: string): void {
    this.#coming = answer
    this.#now = by(status, plugin, command)
  }

  /** Nobody took it, and commands are suggested. */
  suggested(answer: Content): void {
    this.#coming = answer
    this.#now = suggested
  }

  /** Somebody let it through: what comes after it counts, unless the answer is another one. */
  passed(answer: Content | void, plugin: string): void {
    if (answer === this.#coming || (isSilent(answer) && isSilent(this.#coming))) return
    this.taken(answer, plugin)
  }
}

function by(status: OutcomeStatus, plugin: string, command: string | undefined): Outcome {
  return { status, by: command === undefined ? { plugin } : { plugin, command } }
}
