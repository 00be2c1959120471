import { type Element, plainText } from '../message/element.ts'
import { ArgumentError, type ArgumentTable, describeToken, readRest, takesRest } from './arguments.ts'
import { type Command, trimStart } from './command.ts'
import { formatParameter, type ParameterSpec } from './grammar.ts'
import { isEndOfOptions, looksLikeOption, OptionReader } from './option-reader.ts'
import { Tokenizer } from './tokenize.ts'

/** What a command line says, typed by the declaration. */
export interface CommandLine {
  readonly args: readonly unknown[]
  readonly options: Readonly<Record<string, unknown>>
}

/** What an alias or a shortcut has filled in already: the first arguments, and options. */
export interface PresetLine {
  readonly args?: readonly unknown[]
  readonly options?: Readonly<Record<string, unknown>>
}

/**
 * Reads what stands behind the name of a command. The time it takes grows with the length and no faster.
 *
 * @param preset - Arguments in front of those that are written, and options that need not be written.
 * @throws ArgumentError that says what is wrong with it.
 */
export function readCommandLine(
  command: Command,
  content: readonly Element[],
  types: ArgumentTable,
  preset?: PresetLine,
): CommandLine {
  const whole = preset === undefined ? readWhole(command, content) : undefined
  return whole ?? readWords(command, content, types, preset ?? noPreset)
}

const noOptions: Readonly<Record<string, unknown>> = Object.freeze({})
const noPreset: PresetLine = {}

/** A command whose only argument is the rest of the line needs no words. */
function readWhole(command: Command, content: readonly Element[]): CommandLine | undefined {
  const [first] = command.parameters
  if (command.options.length > 0 || command.parameters.length > 1) return undefined
  if (first === undefined) return content.length === 0 ? { args: [], options: noOptions } : undefined
  if (content.length === 0 || !takesRest(first)) return undefined
  const rest = trimStart(content)
  const value = first.type === 'text' ? plainText(rest).trimEnd() : rest
  return value.length === 0 ? undefined : { args: [value], options: noOptions }
}

function readWords(
  command: Command,
  content: readonly Element[],
  types: ArgumentTable,
  preset: PresetLine,
): CommandLine {
  const words = new Tokenizer(content)
  const options = new OptionReader(command.options, content, types)
  const args: unknown[] = [...(preset.args ?? [])]
  // Without options, a word with a dash is a word like any other.
  let mayBeOption = command.options.length > 0
  for (let token = words.take(); token !== undefined; token = words.take()) {
    if (mayBeOption && isEndOfOptions(token)) {
      mayBeOption = false
    } else if (mayBeOption && looksLikeOption(token)) {
      if (options.read(token, words) === 'end') break
    } else {
      const parameter = parameterAt(command, args.length)
      if (parameter === undefined) {
        throw new ArgumentError('command.too-many', { value: describeToken(token) })
      }
      if (takesRest(parameter)) {
        args.push(readRest(parameter, content, token))
        break
      }
      args.push(types.read(parameter, token))
    }
  }
  const fallback = (parameter: ParameterSpec): unknown => readFallback(parameter, types)
  return {
    args: complete(command, args, fallback),
    options: options.complete(preset.options ?? noOptions, fallback),
  }
}

function parameterAt(command: Command, index: number): ParameterSpec | undefined {
  const last = command.parameters.at(-1)
  return command.parameters[index] ?? (last?.isVariadic === true ? last : undefined)
}

/** Folds variadic values, fills in defaults, and asks for what is missing. */
function complete(
  command: Command,
  values: readonly unknown[],
  fallback: (parameter: ParameterSpec) => unknown,
): readonly unknown[] {
  return command.parameters.map((parameter, index) => {
    if (parameter.isVariadic) {
      const all = values.slice(index)
      if (parameter.isRequired && all.length === 0) throw missing(parameter)
      return all
    }
    if (values[index] !== undefined) return values[index]
    if (parameter.isRequired) throw missing(parameter)
    return fallback(parameter)
  })
}

/** The default of an argument or option that was left out. @throws ArgumentError when it is not of its type. */
export function readFallback(parameter: ParameterSpec, types: ArgumentTable): unknown {
  const { fallback } = parameter
  if (fallback === undefined) return undefined
  return types.read(parameter, {
    kind: 'word',
    value: fallback,
    isQuoted: true,
    at: { element: 0, offset: 0 },
  })
}

function missing(parameter: ParameterSpec): ArgumentError {
  return new ArgumentError('command.missing', { name: formatParameter(parameter) })
}
