import { UserError } from '../errors/user-error.ts'
import { type Element, isElement, plainText, toElements } from '../message/element.ts'
import type { Clock } from '../shared/clock.ts'
import { trimStart } from './command.ts'
import type { ParameterSpec } from './grammar.ts'
import { readDate, readDuration } from './time.ts'
import type { Token } from './tokenize.ts'

/** Why a word is not a value of its type; `key` names the text to show, `values` what goes into it. */
export class ArgumentError extends UserError {
  override readonly name: string = 'ArgumentError'
  readonly key: string
  readonly values: Readonly<Record<string, string>>

  constructor(key: string, values: Readonly<Record<string, string>>) {
    super(`${key} ${JSON.stringify(values)}`)
    this.key = key
    this.values = values
  }
}

/** Makes a value of a word or an element; `undefined` says that it is not one of this type. */
export type ArgumentParser<T = unknown> = (token: Token) => T | undefined

function word<T>(read: (value: string) => T | undefined): ArgumentParser<T> {
  return (token) => (token.kind === 'word' ? read(token.value) : undefined)
}

function readNumber(value: string): number | undefined {
  const number = value.trim() === '' ? Number.NaN : Number(value)
  return Number.isFinite(number) ? number : undefined
}

function readInteger(value: string): number | undefined {
  const number = readNumber(value)
  return number !== undefined && Number.isSafeInteger(number) ? number : undefined
}

const truths: ReadonlyMap<string, boolean> = new Map([
  ...['true', 'yes', 'on', '1', '是', '开'].map((value): [string, boolean] => [value, true]),
  ...['false', 'no', 'off', '0', '否', '关'].map((value): [string, boolean] => [value, false]),
])

function mention(type: 'at' | 'sharp'): ArgumentParser<{ id: string; name?: string }> {
  const prefix = type === 'at' ? '@' : '#'
  return (token) => {
    if (token.kind === 'word') {
      const id = token.value.startsWith(prefix) ? token.value.slice(1) : token.value
      return id === '' ? undefined : { id }
    }
    const { element } = token
    if (!isElement(element, type) || element.attrs.id === undefined) return undefined
    const { id, name } = element.attrs
    return name === undefined ? { id } : { id, name }
  }
}

function image(token: Token): { src: string; title?: string } | undefined {
  if (token.kind === 'word') return /^https?:\/\//i.test(token.value) ? { src: token.value } : undefined
  if (!isElement(token.element, 'image')) return undefined
  const { src, title } = token.element.attrs
  if (src === undefined) return undefined
  return title === undefined ? { src } : { src, title }
}

/** The built-in argument types; what stands for the rest of a message is read here where it is one word. */
function builtinParsers(clock: Clock): Readonly<Record<string, ArgumentParser>> {
  return {
    string: word((value) => value),
    text: word((value) => value),
    content: (token) => toElements(token.kind === 'word' ? token.value : token.element),
    int: word(readInteger),
    number: word(readNumber),
    boolean: word((value) => truths.get(value.toLowerCase())),
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

  /** @throws ArgumentError when the token is not a value of that type. */
  read(parameter: ParameterSpec, token: Token): unknown {
    if (parameter.choices !== undefined) {
      if (token.kind === 'word' && parameter.choices.includes(token.value)) return token.value
      throw new ArgumentError('command.not-a-choice', {
        name: parameter.name,
        value: describeToken(token),
        choices: parameter.choices.join(', '),
      })
    }
    const value = this.#parsers.get(parameter.type)?.(token)
    if (value === undefined) {
      throw new ArgumentError('command.wrong-type', {
        name: parameter.name,
        value: describeToken(token),
        type: parameter.type,
      })
    }
    return value
  }
}

const maxShown = 60

/** A token as an answer quotes it: never longer than a line. */
export function describeToken(token: Token): string {
  const written = token.kind === 'word' ? token.value : `<${token.element.type}>`
  return written.length <= maxShown ? written : `${written.slice(0, maxShown)}…`
}

/** Whether arguments of a type take everything that follows. */
export function takesRest({ type }: ParameterSpec): boolean {
  return type === 'text' || type === 'content'
}

/** The rest of a message from a token on, as it was written: words for `text`, elements for `content`. */
export function readRest(
  { type }: ParameterSpec,
  content: readonly Element[],
  token: Token,
): string | readonly Element[] {
  const rest = restFrom(content, token)
  return type === 'text' ? plainText(rest).trimEnd() : trimStart(rest)
}

function restFrom(elements: readonly Element[], token: Token): readonly Element[] {
  const [first, ...others] = elements.slice(token.at.element)
  if (first === undefined) return []
  if (!isElement(first, 'text')) return [first, ...others]
  const content = first.attrs.content.slice(token.at.offset)
  return [{ ...first, attrs: { content } }, ...others]
}
