import { MynahError } from '../errors/mynah-error.ts'
import { type Range, readRange } from './range.ts'

/** One argument of a declaration. */
export interface ParameterSpec {
  /** As help shows it. */
  readonly name: string
  /** Name of the type; `choices` is set instead where the declaration lists values. */
  readonly type: string
  /** The only values that are taken. */
  readonly choices: readonly string[] | undefined
  /** Which values are taken. */
  readonly range: Range | undefined
  /** Whether it may not be left out. */
  readonly isRequired: boolean
  /** Whether it takes all values that follow. */
  readonly isVariadic: boolean
  /** The default as it was written; read like an argument. */
  readonly fallback: string | undefined
}

/** One option of a command. */
export interface OptionSpec {
  /** Without dashes. */
  readonly name: string
  /** Other ways to write it, without dashes. */
  readonly aliases: readonly string[]
  /** `undefined` for a flag. */
  readonly parameter: ParameterSpec | undefined
  /** What it does, for `help`. */
  readonly description: string | ((locale: string) => string)
}

/** What a declaration says. */
export interface DeclarationSpec {
  /** The last word of the command's name. */
  readonly name: string
  /** Its arguments, in order. */
  readonly parameters: readonly ParameterSpec[]
}

const parameterPattern = /^(?:<([^<>[\]]+)>|\[([^<>[\]]+)\])$/
const detailPattern = /^([^:=.()]+)(?::([^=.()]+)(?:\(([^()=]*)\))?)?(\.\.\.)?(?:=(.*))?$/
const namePattern = /^[^\s<>[\]"'/@#-][^\s<>[\]"']*$/

/** Whether a command may be called so. */
export function isCommandName(word: string): boolean {
  return namePattern.test(word)
}

/**
 * Reads `'ban <user:user> [duration:duration(1m..30d)=10m] [reason:text]'`.
 *
 * @throws MynahError `COMMAND_SYNTAX` that shows the word which cannot be read.
 */
export function parseDeclaration(declaration: string): DeclarationSpec {
  const [name = '', ...words] = declaration.trim().split(/\s+/)
  if (!isCommandName(name)) throw syntax(declaration, name, 'a command begins with its name, without prefix')
  const parameters = words.map((word) => parseParameter(declaration, word, 'argument'))
  parameters.forEach((parameter, index) => checkOrder(declaration, parameters, parameter, index))
  return { name, parameters }
}

/**
 * Reads `'-s <n:int>'`, the part of an option behind its name.
 *
 * @throws MynahError `COMMAND_SYNTAX`.
 */
export function parseOption(
  name: string,
  declaration: string,
  description: OptionSpec['description'],
): OptionSpec {
  const whole = `${name} ${declaration}`
  const aliases: string[] = []
  let parameter: ParameterSpec | undefined
  for (const word of declaration.trim().split(/[\s,]+/)) {
    if (word === '') continue
    if (/^-{1,2}[^\s-]/.test(word)) aliases.push(word.replace(/^-+/, ''))
    else if (parameter === undefined) parameter = parseParameter(whole, word, 'option')
    else throw syntax(whole, word, 'an option takes one value; write `...` for several')
  }
  return { name, aliases, parameter, description }
}

function parseParameter(declaration: string, word: string, of: 'argument' | 'option'): ParameterSpec {
  const [, required, optional] = parameterPattern.exec(word) ?? []
  const [, name, type = 'string', limits, dots, fallback] =
    detailPattern.exec(required ?? optional ?? '') ?? []
  if (name === undefined)
    throw syntax(
      declaration,
      word,
      'write <name:type>, [name:type], [name:type=default], [name:type...] or <name:int(1..9)>, without spaces',
    )
  // An option may be left out although its value may not: `-s <n:int=6>`.
  if (of === 'argument' && required !== undefined && fallback !== undefined) {
    throw syntax(declaration, word, 'a required argument has no default; write it in [brackets]')
  }
  const range = limits === undefined ? undefined : readRange(type, limits)
  if (typeof range === 'string') throw syntax(declaration, word, range)
  return {
    name,
    type,
    range,
    choices: type.includes('|') ? type.split('|') : undefined,
    isRequired: required !== undefined,
    isVariadic: dots !== undefined,
    fallback,
  }
}

function checkOrder(
  declaration: string,
  all: readonly ParameterSpec[],
  current: ParameterSpec,
  index: number,
): void {
  const takesRest = current.isVariadic || current.type === 'text' || current.type === 'content'
  if (takesRest && index < all.length - 1)
    throw syntax(declaration, current.name, 'it takes the rest of the line and has to come last')
  if (current.isRequired && all.slice(0, index).some((before) => !before.isRequired)) {
    throw syntax(declaration, current.name, 'a required argument cannot follow an optional one')
  }
}

function syntax(declaration: string, word: string, hint: string): MynahError {
  return new MynahError('COMMAND_SYNTAX', `In "${declaration}" at "${word}": ${hint}.`)
}

/** Writes an argument the way people read it in a usage line. */
export function formatParameter({ name, isRequired, isVariadic, choices }: ParameterSpec): string {
  const inside = (choices?.join('|') ?? name) + (isVariadic ? '...' : '')
  return isRequired ? `<${inside}>` : `[${inside}]`
}
