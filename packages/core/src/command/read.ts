import { type Element, toElements } from '../message/element.ts'
import { isMentionOf, withoutMentionsBehind } from '../message/trim.ts'
import { ArgumentError, type ArgumentTable, describeToken, takesMentions, takesRest } from './arguments.ts'
import { formatParameter, type OptionSpec, type ParameterSpec } from './grammar.ts'
import { isEndOfOptions, OptionReader } from './option-reader.ts'
import { type Token, Tokenizer } from './tokenize.ts'

/** What a command line says, typed by the declaration. */
export interface CommandLine {
  /** Arguments by their places. */
  readonly args: readonly unknown[]
  /** Options by their names. */
  readonly options: Readonly<Record<string, unknown>>
}

/** What a command line is made of. */
export interface LineSpec {
  /** Its arguments, in order. */
  readonly parameters: readonly ParameterSpec[]
  /** Its options. */
  readonly options: readonly OptionSpec[]
}

/** What an alias or a shortcut has filled in already: the first arguments, and options. */
export type PresetLine = Partial<CommandLine>

/** What a command line is read with. */
export interface ReadOptions {
  /** Arguments in front of those that are written, and options that need not be written. */
  readonly preset?: PresetLine | undefined
  /** Id of the bot, whose mentions say whom a line is for where no argument takes them. */
  readonly selfId?: string | undefined
}

/**
 * Reads what stands behind the name of a command. The time it takes grows with the length and no faster.
 *
 * @throws ArgumentError that says what is wrong with it.
 */
export function readCommandLine(
  command: LineSpec,
  content: readonly Element[],
  types: ArgumentTable,
  { preset, selfId }: ReadOptions = {},
): CommandLine {
  const line = selfId === undefined || mayMention(command) ? content : withoutMentionsBehind(content, selfId)
  const whole = preset === undefined ? readWhole(command, line, types) : undefined
  if (whole !== undefined) return whole
  const options = { preset: preset ?? noPreset, selfId }
  try {
    return readWords(command, line, types, options)
  } catch (error) {
    const read = error instanceof ArgumentError && readWithPictures(command, line, types, options)
    if (read === false || read === undefined) throw error
    return read
  }
}

/** What words are read with. */
interface WordsOptions {
  readonly preset: PresetLine
  readonly selfId: string | undefined
}

/**
 * Reads a line whose pictures stand elsewhere than their arguments do: people put them where their client lets them.
 *
 * @returns `undefined` when there is no picture, or none is wanted.
 */
function readWithPictures(
  command: LineSpec,
  content: readonly Element[],
  types: ArgumentTable,
  options: WordsOptions,
): CommandLine | undefined {
  const first = options.preset.args?.length ?? 0
  const pictures = content.filter(({ type }) => type === 'image')
  const filled = new Map<ParameterSpec, readonly Element[]>()
  for (const parameter of command.parameters.slice(first)) {
    if (parameter.type !== 'image' || pictures.length === 0) continue
    filled.set(parameter, pictures.splice(0, parameter.isVariadic ? pictures.length : 1))
  }
  if (filled.size === 0) return undefined
  const taken = new Set(Array.from(filled.values()).flat())
  const others = command.parameters.filter((parameter) => !filled.has(parameter))
  const words = toElements(content.filter((node) => !taken.has(node)))
  const { args, options: read } = readWords({ ...command, parameters: others }, words, types, options)
  return {
    args: command.parameters.map((parameter) => {
      const values = filled.get(parameter)?.map((node) => types.read(parameter, pictureToken(node)))
      if (values === undefined) return args[others.indexOf(parameter)]
      return parameter.isVariadic ? values : values[0]
    }),
    options: read,
  }
}

const pictureToken = (node: Element): Token => ({
  kind: 'element',
  element: node,
  at: { element: 0, offset: 0 },
})

function mayMention({ parameters, options }: LineSpec): boolean {
  return (
    parameters.some(takesMentions) || options.some(({ parameter }) => parameter && takesMentions(parameter))
  )
}

const noOptions: Readonly<Record<string, unknown>> = Object.freeze({})
const noPreset: PresetLine = {}

/** A command whose only argument is the rest of the line needs no words. */
function readWhole(
  command: LineSpec,
  content: readonly Element[],
  types: ArgumentTable,
): CommandLine | undefined {
  const [first] = command.parameters
  if (command.options.length > 0 || command.parameters.length > 1) return undefined
  if (first === undefined) return content.length === 0 ? { args: [], options: noOptions } : undefined
  if (content.length === 0 || !takesRest(first)) return undefined
  const value = types.readWhole(first, content)
  return value.length === 0 ? undefined : { args: [value], options: noOptions }
}

function readWords(
  command: LineSpec,
  content: readonly Element[],
  types: ArgumentTable,
  { preset, selfId }: WordsOptions,
): CommandLine {
  const words = new Tokenizer(content)
  const options = new OptionReader(command.options, content, types)
  const args: unknown[] = [...(preset.args ?? [])]
  // Without options, a word with a dash is a word like any other.
  let mayBeOption = command.options.length > 0
  for (let token = words.take(); token !== undefined; token = words.take()) {
    if (mayBeOption && isEndOfOptions(token)) {
      mayBeOption = false
    } else if (mayBeOption && options.takes(token)) {
      if (options.read(token, words) === 'end') break
    } else {
      const parameter = parameterAt(command, args.length)
      if (selfId !== undefined && token.kind === 'element' && isMentionOf(token.element, selfId)) {
        if (parameter === undefined || !(takesMentions(parameter) || takesRest(parameter))) continue
      }
      if (parameter === undefined) {
        throw new ArgumentError('command.too-many', { value: describeToken(token) })
      }
      if (takesRest(parameter)) {
        const rest = types.readRest(parameter, content, token)
        if (rest.length > 0) args.push(rest)
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

function parameterAt(command: LineSpec, index: number): ParameterSpec | undefined {
  const last = command.parameters.at(-1)
  return command.parameters[index] ?? (last?.isVariadic === true ? last : undefined)
}

/** Folds variadic values, fills in defaults, and asks for what is missing. */
function complete(
  command: LineSpec,
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
