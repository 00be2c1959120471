import { type Element, plainText } from '../message/element.ts'
import { ArgumentError, type ArgumentTable, restFrom } from './arguments.ts'
import { type Command, trimStart } from './command.ts'
import { formatParameter, type OptionSpec, type ParameterSpec } from './grammar.ts'
import { type Token, tokenize } from './tokenize.ts'

/** What a command line says, typed by the declaration. */
export interface CommandLine {
  readonly args: readonly unknown[]
  readonly options: Readonly<Record<string, unknown>>
}

/**
 * Reads what stands behind the name of a command.
 *
 * @throws ArgumentError that says what is wrong with it.
 */
export function readCommandLine(
  command: Command,
  content: readonly Element[],
  types: ArgumentTable,
): CommandLine {
  const whole = readWhole(command, content)
  if (whole !== undefined) return whole
  const tokens = tokenize(content)
  const options = new OptionReader(command, types)
  const args: unknown[] = []
  let position = 0
  let onlyArguments = false
  while (position < tokens.length) {
    const token = tokens[position]
    if (token === undefined) break
    if (!onlyArguments && isWord(token, '--')) {
      onlyArguments = true
      position += 1
    } else if (!onlyArguments && looksLikeOption(token) && options.knows(token.value)) {
      position = options.read(tokens, position)
    } else {
      const parameter = parameterAt(command, args.length)
      if (parameter === undefined) throw new ArgumentError('command.too-many', { value: describe(token) })
      if (parameter.type === 'text' || parameter.type === 'content') {
        const rest = restFrom(content, token)
        args.push(parameter.type === 'text' ? plainText(rest).trimEnd() : trimStart(rest))
        break
      }
      position += 1
      args.push(types.read(parameter, token))
    }
  }
  return { args: complete(command, args, types), options: options.complete() }
}

const noOptions: Readonly<Record<string, unknown>> = Object.freeze({})

/** A command whose only argument is the rest of the line needs no words. */
function readWhole(command: Command, content: readonly Element[]): CommandLine | undefined {
  const [first] = command.parameters
  if (command.options.length > 0 || command.parameters.length > 1) return undefined
  if (first === undefined) return content.length === 0 ? { args: [], options: noOptions } : undefined
  if (content.length === 0 || (first.type !== 'text' && first.type !== 'content')) return undefined
  const rest = trimStart(content)
  const value = first.type === 'text' ? plainText(rest).trimEnd() : rest
  return value.length === 0 ? undefined : { args: [value], options: noOptions }
}

function parameterAt(command: Command, index: number): ParameterSpec | undefined {
  const last = command.parameters.at(-1)
  return command.parameters[index] ?? (last?.isVariadic === true ? last : undefined)
}

/** Folds variadic values, fills in defaults, and asks for what is missing. */
function complete(command: Command, values: readonly unknown[], types: ArgumentTable): readonly unknown[] {
  return command.parameters.map((parameter, index) => {
    if (parameter.isVariadic) {
      const all = values.slice(index)
      if (parameter.isRequired && all.length === 0) throw missing(parameter)
      return all
    }
    if (index < values.length) return values[index]
    if (parameter.isRequired) throw missing(parameter)
    return fallback(parameter, types)
  })
}

function fallback(parameter: ParameterSpec, types: ArgumentTable): unknown {
  if (parameter.fallback === undefined) return undefined
  if (parameter.type === 'text') return parameter.fallback
  return types.read(parameter, {
    kind: 'word',
    value: parameter.fallback,
    isQuoted: true,
    at: { element: 0, offset: 0 },
  })
}

function missing(parameter: ParameterSpec): ArgumentError {
  return new ArgumentError('command.missing', { name: formatParameter(parameter) })
}

function isWord(token: Token, value: string): boolean {
  return token.kind === 'word' && !token.isQuoted && token.value === value
}

function looksLikeOption(token: Token): token is Token & { kind: 'word' } {
  return token.kind === 'word' && !token.isQuoted && /^-{1,2}[^\s\d-]/.test(token.value)
}

function describe(token: Token): string {
  return token.kind === 'word' ? token.value : `<${token.element.type}>`
}

class OptionReader {
  readonly #command: Command
  readonly #types: ArgumentTable
  readonly #values = new Map<string, unknown>()

  constructor(command: Command, types: ArgumentTable) {
    this.#command = command
    this.#types = types
  }

  /** Whether a word is an option of the command; with any option declared, every dashed word has to be one. */
  knows(word: string): boolean {
    return this.#command.options.length > 0 || this.#find(word) !== undefined
  }

  /** Reads the option at `position`; returns where to go on. */
  read(tokens: readonly Token[], position: number): number {
    const word = tokens[position]
    if (word?.kind !== 'word') return position + 1
    const [written, inline] = splitOnce(word.value, '=')
    const found = this.#find(written)
    if (found === undefined) throw new ArgumentError('command.unknown-option', { value: written })
    const { option, isNegated } = found
    if (option.parameter === undefined || isNegated) {
      this.#values.set(option.name, !isNegated)
      return position + 1
    }
    if (inline !== undefined) {
      this.#store(option, { kind: 'word', value: inline, isQuoted: true, at: word.at })
      return position + 1
    }
    const next = tokens[position + 1]
    const hasValue = next !== undefined && !(looksLikeOption(next) && this.#find(next.value) !== undefined)
    if (hasValue) {
      this.#store(option, next)
      return position + 2
    }
    if (option.parameter.isRequired) throw new ArgumentError('command.option-needs-value', { value: written })
    this.#values.set(option.name, true)
    return position + 1
  }

  #store(option: OptionSpec, token: Token): void {
    if (option.parameter === undefined) return
    const value = this.#types.read(option.parameter, token)
    const before = this.#values.get(option.name)
    this.#values.set(
      option.name,
      option.parameter.isVariadic ? [...(Array.isArray(before) ? before : []), value] : value,
    )
  }

  #find(written: string): { option: OptionSpec; isNegated: boolean } | undefined {
    const [dashed] = splitOnce(written, '=')
    const name = dashed.replace(/^-{1,2}/, '')
    for (const option of this.#command.options) {
      if (option.name === name || option.aliases.includes(name)) return { option, isNegated: false }
      if (option.parameter === undefined && name === `no-${option.name}`) return { option, isNegated: true }
    }
    return undefined
  }

  complete(): Record<string, unknown> {
    const result: Record<string, unknown> = {}
    for (const { name, parameter } of this.#command.options) {
      if (this.#values.has(name)) result[name] = this.#values.get(name)
      else if (parameter === undefined) result[name] = false
      else if (parameter.isVariadic) result[name] = []
      else if (parameter.fallback !== undefined) result[name] = fallback(parameter, this.#types)
    }
    return result
  }
}

function splitOnce(value: string, separator: string): [string, string | undefined] {
  const index = value.indexOf(separator)
  return index < 0 ? [value, undefined] : [value.slice(0, index), value.slice(index + 1)]
}
