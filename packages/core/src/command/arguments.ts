import { UserError } from '../errors/user-error.ts'
import { wordsFor } from '../i18n/framework-texts.ts'
import type { FrameworkKey } from '../i18n/locales/keys.ts'
import { type Element, isElement, toElements, writtenText } from '../message/element.ts'
import { trimStart } from '../message/trim.ts'
import { trimBlank } from '../shared/blank.ts'
import type { Clock } from '../shared/clock.ts'
import { narrow } from '../shared/narrow.ts'
import type { ParameterSpec } from './grammar.ts'
import { readInteger, readNumber } from './number.ts'
import { exactRange, faultOf } from './range.ts'
import { readDate, readDuration } from './time.ts'
import type { Token } from './tokenize.ts'

/** Why a word is not a value of its type; `key` names the text to show, `values` what goes into it. */
export class ArgumentError extends UserError {
  /** Tells it from other errors in a log. */
  override readonly name: string = 'ArgumentError'
  /** Which of the framework's texts says what is wrong. */
  readonly key: FrameworkKey
  /** What goes into that text. */
  readonly values: Readonly<Record<string, string>>

  constructor(key: FrameworkKey, values: Readonly<Record<string, string>>) {
    super(`${key} ${JSON.stringify(values)}`)
    this.key = key
    this.values = values
  }
}

/** Makes a value of a word or an element; `undefined` says that it is not one of this type. */
export type ArgumentParser<T = unknown> = (token: Token) => T | undefined

function word<T>(read: (value: string) => T | undefined): ArgumentParser<T> {
  return (token) => (token.kind === 'word' ? read(narrow(token.value)) : undefined)
}

/** A word as it is, or the name of who is mentioned. */
function readString(token: Token): string | undefined {
  if (token.kind === 'word') return token.value
  return writtenText([token.element]) || undefined
}

const trueWords = new Set(wordsFor('true'))
const falseWords = new Set(wordsFor('false'))

function readBoolean(value: string): boolean | undefined {
  const written = value.toLowerCase()
  return trueWords.has(written) ? true : falseWords.has(written) ? false : undefined
}

/** An id as platforms make them: letters, digits and a few marks, none of which is markup anywhere. */
const idPattern = /^[\p{L}\p{N}_][\p{L}\p{N}_.:-]{0,127}$/u

/** Words that mean many people to a platform, and so are nobody's id. */
const manyPeople = /^(?:all|here|everyone|0+)$/i

function isId(value: string): boolean {
  return idPattern.test(value) && !manyPeople.test(value)
}

function mention(type: 'at' | 'sharp'): ArgumentParser<{ id: string; name?: string }> {
  const prefix = type === 'at' ? '@' : '#'
  return (token) => {
    if (token.kind === 'word') {
      const written = narrow(token.value)
      const id = written.startsWith(prefix) ? written.slice(1) : written
      return isId(id) ? { id } : undefined
    }
    const { attrs } = token.element
    const { id, name } = attrs
    if (token.element.type !== type || attrs['type'] !== undefined) return undefined
    if (typeof id !== 'string' || !isId(id)) return undefined
    return name === undefined ? { id } : { id, name: String(name) }
  }
}

const webAddress = /^https?:\/\//i

function image(token: Token): { src: string; title?: string } | undefined {
  if (token.kind === 'word') return webAddress.test(token.value) ? { src: token.value } : undefined
  if (!isElement(token.element, 'image')) return undefined
  const { src, title } = token.element.attrs
  if (src === undefined || !(webAddress.test(src) || /^data:/i.test(src))) return undefined
  return title === undefined ? { src } : { src, title }
}

/** The built-in argument types; what stands for the rest of a message is read here where it is one word. */
function builtinParsers(clock: Clock): Readonly<Record<string, ArgumentParser>> {
  return {
    string: readString,
    text: readString,
    content: (token) => toElements(token.kind === 'word' ? token.value : token.element),
    int: word(readInteger),
    number: word(readNumber),
    boolean: word(readBoolean),
    user: mention('at'),
    channel: mention('sharp'),
    image,
    duration: word(readDuration),
    date: word((value) => readDate(value, clock.now())),
  }
}

/** Argument types by name: the built-in ones and those of plugins. */
export class ArgumentTable {
  readonly #parsers: Map<string, ArgumentParser>

  /** @param clock - Tells what `today` is. */
  constructor(clock: Clock) {
    this.#parsers = new Map(Object.entries(builtinParsers(clock)))
  }

  /** Whether there is a type of this name. */
  has(type: string): boolean {
    return this.#parsers.has(type)
  }

  /** @returns Takes the type away again. */
  add(type: string, parser: ArgumentParser): () => void {
    const before = this.#parsers.get(type)
    this.#parsers.set(type, parser)
    return () => {
      if (this.#parsers.get(type) !== parser) return
      if (before === undefined) this.#parsers.delete(type)
      else this.#parsers.set(type, before)
    }
  }

  /** @throws ArgumentError when the token is not a value of that type, or out of range. */
  read(parameter: ParameterSpec, token: Token): unknown {
    const { name, type, choices } = parameter
    if (choices !== undefined) {
      const choice = token.kind === 'word' ? choiceOf(choices, token.value) : undefined
      if (choice !== undefined) return choice
      throw new ArgumentError('command.not-a-choice', {
        name,
        value: describeToken(token),
        choices: choices.join(', '),
      })
    }
    const value = this.#parsers.get(type)?.(token)
    if (value !== undefined) return within(parameter, value)
    if (type === 'int') refuseInexact(parameter, token)
    throw new ArgumentError('command.wrong-type', { name, value: describeToken(token), type })
  }

  /**
   * The rest of a message from a token on, as it was written: words for `text`, elements for `content`.
   *
   * @throws ArgumentError when it is out of range.
   */
  readRest(parameter: ParameterSpec, content: readonly Element[], token: Token): string | readonly Element[] {
    return this.readWhole(parameter, restFrom(content, token))
  }

  /** A whole message as one argument. @throws ArgumentError when it is out of range. */
  readWhole(parameter: ParameterSpec, content: readonly Element[]): string | readonly Element[] {
    if (parameter.type !== 'text') return trimStart(content)
    const words = trimBlank(writtenText(content))
    return words === '' ? words : within(parameter, words)
  }
}

function choiceOf(choices: readonly string[], written: string): string | undefined {
  if (choices.includes(written)) return written
  const plain = narrow(written)
  return choices.find((choice) => choice === plain)
}

/** @throws ArgumentError when a value is out of its range. */
function within<T>({ name, range }: ParameterSpec, value: T): T {
  const fault = range === undefined ? undefined : faultOf(range, value)
  if (fault === undefined) return value
  throw new ArgumentError(fault.key, { name, bound: fault.bound })
}

/** @throws ArgumentError when what was written is a whole number, but too big a one to be exact. */
function refuseInexact(parameter: ParameterSpec, token: Token): void {
  const value = token.kind === 'word' ? readNumber(narrow(token.value)) : undefined
  if (value === undefined || !Number.isInteger(value)) return
  within(parameter, value)
  within({ ...parameter, range: exactRange }, value)
}

const maxShown = 60

/** A token as an answer quotes it: never longer than a line. */
export function describeToken(token: Token): string {
  const written =
    token.kind === 'word' ? token.value : writtenText([token.element]) || `<${token.element.type}>`
  return written.length <= maxShown ? written : `${written.slice(0, maxShown)}…`
}

/** Whether arguments of a type take everything that follows. */
export function takesRest({ type }: ParameterSpec): boolean {
  return type === 'text' || type === 'content'
}

/** Built-in types to which people are nothing but their names. */
const impersonal: ReadonlySet<string> = new Set([
  'string',
  'text',
  'int',
  'number',
  'boolean',
  'channel',
  'image',
  'duration',
  'date',
])

/** Whether a mention of the bot may be meant as an argument. */
export function takesMentions({ type, choices }: ParameterSpec): boolean {
  return choices === undefined && !impersonal.has(type)
}

function restFrom(elements: readonly Element[], token: Token): readonly Element[] {
  const [first, ...others] = elements.slice(token.at.element)
  if (first === undefined) return []
  if (!isElement(first, 'text')) return [first, ...others]
  const content = first.attrs.content.slice(token.at.offset)
  return [{ ...first, attrs: { content } }, ...others]
}
