import { UserError } from '../errors/user-error.ts'
import { type Element, isElement } from '../message/element.ts'
import type { ParameterSpec } from './grammar.ts'
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

const units: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

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

const truths: Record<string, boolean> = {
  true: true,
  yes: true,
  on: true,
  '1': true,
  是: true,
  开: true,
  false: false,
  no: false,
  off: false,
  '0': false,
  否: false,
  关: false,
}

function readDuration(value: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[smhdw]))+$/i.test(value)) return undefined
  let total = 0
  for (const [, amount = '0', unit = 's'] of value.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/gi)) {
    total += Number(amount) * (units[unit.toLowerCase()] ?? 0)
  }
  return Number.isFinite(total) ? total : undefined
}

function readDate(value: string): Date | undefined {
  const days: Record<string, number> = { today: 0, tomorrow: 1, 今天: 0, 明天: 1, 后天: 2 }
  const offset = days[value.toLowerCase()]
  const midnight = new Date()
  midnight.setHours(0, 0, 0, 0)
  if (offset !== undefined) {
    midnight.setDate(midnight.getDate() + offset)
    return midnight
  }
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(value) ?? []
  if (hours !== undefined && minutes !== undefined) {
    midnight.setHours(Number(hours), Number(minutes))
    return midnight
  }
  if (!/^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?)?$/.test(value))
    return undefined
  const date = new Date(value.length === 10 ? `${value}T00:00` : value)
  const isReal =
    !Number.isNaN(date.getTime()) && (value.length > 10 || date.getDate() === Number(value.slice(8)))
  return isReal ? date : undefined
}

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
  return title === undefined ? { src } : { src, title }
}

/** The built-in argument types; `text` and `content` are taken whole and have no parser. */
export const builtinParsers: Readonly<Record<string, ArgumentParser>> = {
  string: word((value) => value),
  int: word(readInteger),
  number: word(readNumber),
  boolean: word((value) => truths[value.toLowerCase()]),
  user: mention('at'),
  channel: mention('sharp'),
  image,
  duration: word(readDuration),
  date: word(readDate),
}

/** Argument types by name: the built-in ones and those of plugins. */
export class ArgumentTable {
  readonly #parsers = new Map<string, ArgumentParser>(Object.entries(builtinParsers))

  has(type: string): boolean {
    return type === 'text' || type === 'content' || this.#parsers.has(type)
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
    const written = describeToken(token)
    if (parameter.choices !== undefined) {
      if (token.kind === 'word' && parameter.choices.includes(token.value)) return token.value
      throw new ArgumentError('command.not-a-choice', {
        name: parameter.name,
        value: written,
        choices: parameter.choices.join(', '),
      })
    }
    const value = this.#parsers.get(parameter.type)?.(token)
    if (value === undefined) {
      throw new ArgumentError('command.wrong-type', {
        name: parameter.name,
        value: written,
        type: parameter.type,
      })
    }
    return value
  }
}

function describeToken(token: Token): string {
  return token.kind === 'word' ? token.value : `<${token.element.type}>`
}

/** The rest of a message from a token on, as it was written. */
export function restFrom(elements: readonly Element[], token: Token): readonly Element[] {
  const [first, ...others] = elements.slice(token.at.element)
  if (first === undefined) return []
  if (!isElement(first, 'text')) return [first, ...others]
  const content = first.attrs.content.slice(token.at.offset)
  return [{ ...first, attrs: { content } }, ...others]
}
