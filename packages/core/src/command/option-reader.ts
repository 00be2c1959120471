import type { Element } from '../message/element.ts'
import { ArgumentError, type ArgumentTable, describeToken, takesRest } from './arguments.ts'
import type { OptionSpec, ParameterSpec } from './grammar.ts'
import type { Token, Tokenizer, WordToken } from './tokenize.ts'

interface Found {
  readonly option: OptionSpec
  /** Written as `--no-name`. */
  readonly isNegated: boolean
}

const hyphens = /^[-\uff0d]{1,2}(?=[\p{L}?])/u
/** What keyboards make of `--` and `-`: phones write a long dash. */
const dashes = /^(?:[\u2010-\u2015\u2212\ufe58\ufe63]{1,2}|[\u2e3a\u2e3b])(?=[\p{L}?])/u
const endOfOptions = /^(?:--|\uff0d\uff0d)$/

/** How far an option reached: only over words of its own, or to the end of the message. */
export type OptionReach = 'words' | 'end'

/** Whether what follows is arguments only. */
export function isEndOfOptions(token: Token): boolean {
  return token.kind === 'word' && !token.isQuoted && endOfOptions.test(token.value)
}

/** Collects the options of one command line. */
export class OptionReader {
  readonly #specs: readonly OptionSpec[]
  readonly #content: readonly Element[]
  readonly #types: ArgumentTable
  readonly #values = new Map<string, unknown>()

  /** @param content - The message that the words are cut from. */
  constructor(specs: readonly OptionSpec[], content: readonly Element[], types: ArgumentTable) {
    this.#specs = specs
    this.#content = content
    this.#types = types
  }

  /**
   * Whether a word is written like an option: one or two dashes and a letter. Long dashes also begin what people
   * say, so that they make an option only of a name that there is.
   */
  takes(token: Token): token is WordToken {
    if (token.kind !== 'word' || token.isQuoted) return false
    return hyphens.test(token.value) || (dashes.test(token.value) && this.#isKnown(token.value))
  }

  /** Reads an option, and its value from the words behind it. @throws ArgumentError. */
  read(token: WordToken, words: Tokenizer): OptionReach {
    const [written, inline] = splitOnce(token.value, '=')
    const found = this.#find(bare(written))
    if (found === undefined) return this.#readCluster(token, words)
    const { option, isNegated } = found
    if (isNegated && inline !== undefined) throw unknownOption(token)
    if (isNegated) this.#values.set(option.name, false)
    else if (inline !== undefined) this.#store(option, { ...token, value: inline })
    else return this.#readValue(option, words, written)
    return 'words'
  }

  /** Reads `-abc`: flags, of which the last may have a value, behind it (`-n5`) or in the next word. */
  #readCluster(token: WordToken, words: Tokenizer): OptionReach {
    if (token.value.startsWith('--')) throw unknownOption(token)
    const letters = bare(token.value)
    let at = 0
    for (const letter of letters) {
      at += letter.length
      const option = this.#find(letter)?.option
      if (option === undefined) throw unknownOption(token)
      if (option.parameter === undefined) {
        this.#values.set(option.name, true)
        continue
      }
      const attached = letters.slice(at).replace(/^=/, '')
      if (attached === '') return this.#readValue(option, words, `-${letter}`)
      this.#store(option, { ...token, value: attached })
      break
    }
    return 'words'
  }

  #readValue(option: OptionSpec, words: Tokenizer, written: string): OptionReach {
    const { name, parameter } = option
    const next = parameter === undefined ? undefined : words.peek()
    if (parameter === undefined || next === undefined || this.#isOption(next)) {
      if (parameter?.isRequired === true) {
        throw new ArgumentError('command.option-needs-value', { value: written })
      }
      this.#values.set(name, true)
      return 'words'
    }
    if (takesRest(parameter)) {
      this.#values.set(name, this.#types.readRest(parameter, this.#content, next))
      return 'end'
    }
    words.take()
    this.#store(option, next)
    return 'words'
  }

  #isOption(token: Token): boolean {
    if (isEndOfOptions(token)) return true
    return this.takes(token) && this.#isKnown(token.value)
  }

  #isKnown(written: string): boolean {
    return this.#find(bare(splitOnce(written, '=')[0])) !== undefined
  }

  #store(option: OptionSpec, token: Token): void {
    const value = this.#types.read(option.parameter ?? flagValue(option.name), token)
    if (option.parameter?.isVariadic !== true) {
      this.#values.set(option.name, value)
      return
    }
    const before = this.#values.get(option.name)
    if (Array.isArray(before)) before.push(value)
    else this.#values.set(option.name, [value])
  }

  #find(name: string): Found | undefined {
    for (const option of this.#specs) {
      if (option.name === name || option.aliases.includes(name)) return { option, isNegated: false }
      if (option.parameter === undefined && name.startsWith('no-') && name.slice(3) === option.name) {
        return { option, isNegated: true }
      }
    }
    return undefined
  }

  /** @param preset - Values of options that were not written. */
  complete(
    preset: Readonly<Record<string, unknown>>,
    fallback: (parameter: ParameterSpec) => unknown,
  ): Record<string, unknown> {
    const result: Record<string, unknown> = {}
    for (const { name, parameter } of this.#specs) {
      if (this.#values.has(name)) result[name] = this.#values.get(name)
      else if (preset[name] !== undefined) result[name] = preset[name]
      else if (parameter === undefined) result[name] = false
      else if (parameter.isVariadic) result[name] = []
      else if (parameter.fallback !== undefined) result[name] = fallback(parameter)
    }
    return result
  }
}

/** `--loud=no`: a flag that is given a value takes a boolean. */
function flagValue(name: string): ParameterSpec {
  return {
    name,
    type: 'boolean',
    range: undefined,
    choices: undefined,
    isRequired: true,
    isVariadic: false,
    fallback: undefined,
  }
}

function unknownOption(token: WordToken): ArgumentError {
  return new ArgumentError('command.unknown-option', { value: describeToken(token) })
}

/** An option as it was written, without its dashes. */
function bare(written: string): string {
  return written.replace(hyphens, '').replace(dashes, '')
}

function splitOnce(value: string, separator: string): [string, string | undefined] {
  const index = value.indexOf(separator)
  return index < 0 ? [value, undefined] : [value.slice(0, index), value.slice(index + 1)]
}
