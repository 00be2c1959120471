import { MynahError } from '../errors/mynah-error.ts'
import { UserError } from '../errors/user-error.ts'
import { splitWords, wordsOfText } from '../i18n/framework-texts.ts'
import type { FrameworkKey } from '../i18n/locales/keys.ts'
import type { Translate } from '../i18n/texts.ts'
import type { Content, Element } from '../message/element.ts'
import { trimBlank } from '../shared/blank.ts'
import { narrow } from '../shared/narrow.ts'
import type { PromptScope } from '../event/prompt-scope.ts'

/** How long and how patiently one question is asked. */
export interface QuestionOptions {
  /** How long to wait for each answer in ms. @defaultValue 60000 */
  readonly timeoutMs?: number
  /** Words that end the question; case does not matter. @defaultValue those of all languages, such as `cancel` */
  readonly cancelWords?: readonly string[]
  /** How often a wrong answer may be corrected. @defaultValue 2 */
  readonly retries?: number
}

/** How a question is asked by itself. */
export interface AskOptions extends QuestionOptions {
  /** Whose message counts as the answer. @defaultValue 'user' */
  readonly by?: PromptScope
  /**
   * Goes on when the plugin is reloaded: the version that asked takes the answer. Otherwise the question ends
   * with `PLUGIN_STOPPED`. @defaultValue false
   */
  readonly survivesReload?: boolean
}

/**
 * Makes a value of an answer. A thrown `UserError` is told to the person, who may try again; it must not ask
 * a question itself.
 */
export type Validate<T> = (text: string, content: readonly Element[]) => T | Promise<T>

/** How a question for text is asked. */
export interface PromptOptions<T> extends AskOptions {
  /** Makes a value of the answer. @defaultValue the words as they are */
  readonly validate?: Validate<T>
}

/** Which numbers are an answer. */
export interface NumberRange {
  /** The smallest. @defaultValue no limit */
  readonly min?: number
  /** The biggest. @defaultValue no limit */
  readonly max?: number
  /** Whole numbers only. @defaultValue false */
  readonly integer?: boolean
}

/** One of several answers; `label` is what people see and may write. */
export interface Choice<V> {
  /** What the handler gets. */
  readonly value: V
  /** What people see, and may write. */
  readonly label: string
}

/** What can be chosen: values with labels, or labels, which are then the values. */
export type Choices<V> = readonly Choice<V>[] | readonly (V & string)[]

/** What somebody said or pressed. */
export interface PromptAnswer {
  /** The words, without white space around them. */
  readonly text: string
  /** The message as it was written. */
  readonly content: readonly Element[]
  /** Index of the label that was pressed. */
  readonly pressed: number | undefined
}

/** A question whose answer is a `T`; {@link ask} makes them. */
export interface Question<T> {
  /** Which answers it takes: a form goes on with another version of its plugin where these are the same. */
  readonly kind: string
  /** What is asked. */
  readonly content: Content
  /** How long and how patiently. */
  readonly options: QuestionOptions
  /** What may be pressed instead of written, in order. */
  labels?(translate: Translate): readonly string[]
  /** What is added to the question where the platform shows no buttons. */
  hint?(translate: Translate): string
  /** @throws UserError that tells what is wrong with the answer. */
  read(answer: PromptAnswer, translate: Translate): T | Promise<T>
}

function text<T>(question: Content, options: QuestionOptions & { validate: Validate<T> }): Question<T>
function text(question: Content, options?: QuestionOptions & { validate?: undefined }): Question<string>
function text<T>(
  content: Content,
  options: QuestionOptions & { validate?: Validate<T> | undefined } = {},
): Question<T | string> {
  const { validate } = options
  return {
    kind: 'text',
    content,
    options,
    read: (answer) => (validate === undefined ? answer.text : validate(answer.text, answer.content)),
  }
}

function number(content: Content, options: QuestionOptions & NumberRange = {}): Question<number> {
  const { min = -Infinity, max = Infinity, integer = false } = options
  return {
    kind: 'number',
    content,
    options,
    read(answer, translate) {
      const written = plain(answer.text)
      const value = numberForm.test(written) ? Number(written) : Number.NaN
      if (!Number.isFinite(value)) throw new UserError(translate('prompt.not-a-number'))
      if (integer && !Number.isSafeInteger(value)) throw new UserError(translate('prompt.not-whole'))
      if (value < min) throw new UserError(translate('prompt.too-small', { min }))
      if (value > max) throw new UserError(translate('prompt.too-big', { max }))
      return value
    },
  }
}

function confirm(content: Content, options: QuestionOptions = {}): Question<boolean> {
  const labels = (translate: Translate): readonly string[] => [
    translate('prompt.yes'),
    translate('prompt.no'),
  ]
  return {
    kind: 'confirm',
    content,
    options,
    labels,
    hint: (translate) => ` (${labels(translate).join('/')})`,
    read({ text, pressed }, translate) {
      if (pressed !== undefined) return pressed === 0
      const word = plain(text).replace(/[.!。！]+$/, '')
      if (isWordFor('prompt.yes-words', word, translate)) return true
      if (isWordFor('prompt.no-words', word, translate)) return false
      const [yes = '', no = ''] = labels(translate)
      throw new UserError(translate('prompt.not-yes-or-no', { yes, no }))
    },
  }
}

function select<const V>(content: Content, choices: Choices<V>, options: QuestionOptions = {}): Question<V> {
  const list: Choice<V>[] = choices.map((choice) =>
    typeof choice === 'string' ? { value: choice, label: choice } : choice,
  )
  if (list.length === 0) throw new MynahError('PROMPT_INVALID', 'select needs at least one choice.')
  const labels = list.map(({ label }) => label)
  return {
    kind: `select ${JSON.stringify(labels)}`,
    content,
    options,
    labels: () => labels,
    hint: () => labels.map((label, index) => `\n${index + 1}. ${label}`).join(''),
    read({ text, pressed }, translate) {
      const word = plain(text)
      const byLabel = labels.findIndex((label) => plain(label) === word)
      const byNumber = /^\d+\.?$/.test(word) ? Number.parseInt(word, 10) - 1 : -1
      const found = list[pressed ?? (byLabel >= 0 ? byLabel : byNumber)]
      if (found === undefined) {
        throw new UserError(translate('prompt.not-a-choice', { choices: labels.join(', ') }))
      }
      return found.value
    },
  }
}

/**
 * Makers of questions, for the steps of `ctx.form`.
 *
 * @example
 * ```ts
 * const register = ctx
 *   .form('register')
 *   .step('name', ask.text('What is your name?'))
 *   .step('age', ask.number('How old are you?', { min: 0, max: 150, integer: true }))
 *   .action(({ answers }) => `${answers.name}, ${answers.age}`)
 * ```
 */
export const ask: {
  /** Any words, or what `validate` makes of them. */
  readonly text: typeof text
  /** A number within limits. */
  readonly number: typeof number
  /** Yes or no. */
  readonly confirm: typeof confirm
  /** One of several; by press where the platform shows buttons, by number or label everywhere. */
  readonly select: typeof select
} = { text, number, confirm, select }

const numberForm = /^[+-]?(?:\d+\.?\d*|\.\d+)$/

/** As people mean it: full-width letters and digits are the same as others, and case does not matter. */
export function plain(text: string): string {
  return trimBlank(narrow(text)).toLowerCase()
}

/** Whether a word is on a list of the framework's languages, or of the language of the person. */
export function isWordFor(list: FrameworkKey, word: string, translate: Translate): boolean {
  return wordsOfText(list).includes(word) || splitWords(translate(list)).includes(word)
}
