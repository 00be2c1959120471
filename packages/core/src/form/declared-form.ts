import type { Scope } from '../lifecycle/scope.ts'
import type { Content } from '../message/element.ts'
import type { EventWith } from '../model/event.ts'
import type { Question, QuestionOptions } from '../prompt/questions.ts'
import type { Session } from '../session/session.ts'

/** The session of the answer that completed a form. */
export type FormSession = Session<EventWith<'user' | 'channel'>>

/** Answers as far as they are there, by the names of their steps. */
export type Answers = Readonly<Record<string, unknown>>

/** One step of a form. */
export interface FormStep {
  readonly name: string
  /** Which answers it takes, as far as that is known before it is asked. */
  readonly kind: string
  /** The question; `undefined` where the earlier answers leave none. */
  question(answers: Answers, locale: string): Question<unknown> | undefined
}

/** A form as a plugin declares it. */
export interface DeclaredForm {
  readonly scope: Scope
  readonly name: string
  readonly options: QuestionOptions
  readonly steps: readonly FormStep[]
  /** What the answers depend on: those that were given to another shape are of no use. */
  readonly shape: string
  /** Runs once all questions are answered. */
  complete(answers: Answers, session: FormSession): Content | void | Promise<Content | void>
}
