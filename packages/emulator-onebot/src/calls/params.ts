import { ApiRefusal } from './refusal.ts'
import type { Profile } from '../wire/profile.ts'

const yes = new Set<unknown>([true, 'true', 1, '1', 'yes'])
const no = new Set<unknown>([false, 'false', 0, '0', 'no'])

/**
 * Reads the parameters of one call as strictly as the profile does: ids may be numbers or decimal
 * strings; what is missing or of the wrong kind is refused, or counts as zero where the implementation
 * never checks.
 */
export class Params {
  readonly #raw: Readonly<Record<string, unknown>>
  readonly #profile: Profile

  constructor(raw: Readonly<Record<string, unknown>>, profile: Profile) {
    this.#raw = raw
    this.#profile = profile
  }

  has(name: string): boolean {
    return this.#raw[name] != null
  }

  /** The value as it came. */
  raw(name: string): unknown {
    return this.#raw[name]
  }

  /** A required whole number. */
  integer(name: string): number {
    const value = this.#raw[name]
    const number = toInteger(value)
    if (number !== undefined && this.#fits(name, number)) return number
    if (!this.#profile.checksParams) return 0
    throw this.#refusal(name, value === undefined ? 'is required' : 'must be a whole number')
  }

  /** A whole number that may be left out. */
  integerOr<T>(name: string, otherwise: T): number | T {
    return this.has(name) && this.#raw[name] !== '' ? this.integer(name) : otherwise
  }

  /** A required string; numbers are written out. */
  text(name: string): string {
    const value = this.#raw[name]
    if (typeof value === 'string') return value
    if (typeof value === 'number' || typeof value === 'boolean') return String(value)
    if (!this.#profile.checksParams) return ''
    throw this.#refusal(name, value === undefined ? 'is required' : 'must be a string')
  }

  textOr<T>(name: string, otherwise: T): string | T {
    return this.has(name) ? this.text(name) : otherwise
  }

  /** The first of several spellings of a required string. */
  firstText(...names: readonly [string, ...string[]]): string {
    return this.text(names.find((name) => this.has(name)) ?? names[0])
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.#raw[name]
    if (value == null || value === '') return otherwise
    const isWord = typeof value !== 'number' && value !== '0' && value !== '1'
    if (this.#profile.letter === 'L' && !isWord) throw this.#refusal(name, 'must be true or false')
    if (yes.has(value)) return true
    if (no.has(value) || !this.#profile.checksParams) return false
    throw this.#refusal(name, 'must be true or false')
  }

  /** A list of whole numbers. */
  integers(name: string): number[] {
    const value = this.#raw[name]
    if (!Array.isArray(value)) throw this.#refusal(name, 'must be an array')
    return value.map((item) => {
      const number = toInteger(item)
      if (number === undefined) throw this.#refusal(name, 'must hold whole numbers')
      return number
    })
  }

  #fits(name: string, value: number): boolean {
    if (this.#profile.letter !== 'L') return true
    if (name === 'message_id') return value === (value | 0)
    if (name === 'user_id' || name === 'group_id') return value === value >>> 0
    return true
  }

  #refusal(name: string, problem: string): ApiRefusal {
    return new ApiRefusal(undefined, { kind: 'badParams', text: `${name} ${problem}` })
  }
}

/** The whole number that a JSON value stands for, if any. */
export function toInteger(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined
  if (typeof value === 'string' && /^-?\d{1,15}$/.test(value)) return Number(value)
  return undefined
}
