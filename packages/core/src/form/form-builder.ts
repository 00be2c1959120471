import { MynahError } from '../errors/mynah-error.ts'
import type { Scope } from '../lifecycle/scope.ts'
import type { Content } from '../message/element.ts'
import type { Form } from '../prompt/form.ts'
import type { Question, QuestionOptions } from '../prompt/questions.ts'
import type { FormSession, FormStep } from './declared-form.ts'
import type { FormTable } from './form-table.ts'

/** The answer to what a step asks: `undefined` where it asks nothing. */
export type StepAnswer<Q> = Q extends Question<infer T> ? T : undefined

/** Answers with one more. */
export type WithAnswer<A, K extends string, T> = { readonly [P in keyof A | K]: P extends keyof A ? A[P] : T }

/** A form that was filled in. */
export interface CompletedForm<A> {
  /** The answers, by the names of their steps. */
  readonly answers: A
  /** Of the answer that came last; what it replies with goes there. */
  readonly session: FormSession
}

/**
 * Declares a form step by step; the types of the answers come from the questions.
 *
 * @example
 * ```ts
 * const register = ctx
 *   .form('register')
 *   .step('name', ask.text('Your name?'))
 *   .step('age', ({ name }) => ask.number(`How old are you, ${name}?`, { min: 0, integer: true }))
 *   .action(({ answers: { name, age } }) => `${name}, ${age}`)
 * ctx.command('register').action(({ session }) => session.form(register))
 * ```
 */
export class FormBuilder<A extends object = {}> {
  readonly #table: FormTable
  readonly #scope: Scope
  readonly #options: QuestionOptions
  readonly #steps: readonly FormStep[]
  /** Name of the form. */
  readonly name: string

  constructor(
    table: FormTable,
    scope: Scope,
    name: string,
    options: QuestionOptions,
    steps: readonly FormStep[] = [],
  ) {
    this.#table = table
    this.#scope = scope
    this.name = name
    this.#options = options
    this.#steps = steps
  }

  /**
   * Adds a question. Its answer has to be plain data, which JSON gives back as it was.
   *
   * @param name - Name of the answer.
   * @param question - What is asked, or what makes that of the earlier answers and the person's language; where it
   * makes nothing, the step is left out.
   * @throws MynahError `FORM_INVALID` when there is a step of that name.
   */
  step<const K extends string, T>(name: K, question: Question<T>): FormBuilder<WithAnswer<A, K, T>>
  step<const K extends string, Q extends Question<unknown> | undefined>(
    name: K,
    question: (answers: A, locale: string) => Q,
  ): FormBuilder<WithAnswer<A, K, StepAnswer<Q>>>
  step<const K extends string, T>(
    name: K,
    question: Question<T> | ((answers: A, locale: string) => Question<T> | undefined),
  ): FormBuilder<WithAnswer<A, K, T>> {
    if (this.#steps.some((step) => step.name === name)) {
      throw new MynahError('FORM_INVALID', `${this.name} has the step "${name}" twice.`)
    }
    const step: FormStep = {
      name,
      kind: typeof question === 'function' ? 'of answers' : question.kind,
      question: (answers, locale) =>
        // Each answer was read by the question of its name.
        typeof question === 'function' ? question(answers as A, locale) : question,
    }
    return new FormBuilder(this.#table, this.#scope, this.name, this.#options, [...this.#steps, step])
  }

  /**
   * Says what happens with the answers, and declares the form. It runs at most once for each form that is filled in.
   *
   * @param action - What it returns is the answer. A `UserError` is told to the person.
   * @returns What `session.form` begins.
   * @throws MynahError `FORM_INVALID` when there is no step, or the plugin has declared a form of that name.
   */
  action(action: (form: CompletedForm<A>) => Content | void | Promise<Content | void>): Form<A> {
    const steps = this.#steps
    return this.#table.declare({
      scope: this.#scope,
      name: this.name,
      options: this.#options,
      steps,
      shape: JSON.stringify(steps.map(({ name, kind }) => [name, kind])),
      // Each answer was read by the question of its name.
      complete: (answers, session) => action({ answers: answers as A, session }),
    })
  }
}
