import { badParameter } from './refusal.ts'

/**
 * The parameters of one call, read one by one with their documented types. Like the platform's PHP it takes
 * numbers written as text and the other way round, but never a number that has already lost digits.
 */
export class Params {
  readonly #values: ReadonlyMap<string, unknown>

  constructor(values: ReadonlyMap<string, unknown>) {
    this.#values = values
  }

  has(name: string): boolean {
    const value = this.#values.get(name)
    return value !== undefined && value !== null
  }

  /** A required text; empty counts as missing. */
  string(name: string): string {
    const value = this.optionalString(name)
    if (value === undefined || value === '') throw badParameter(name, 'is required')
    return value
  }

  optionalString(name: string): string | undefined {
    const value = this.#values.get(name)
    if (value === undefined || value === null) return undefined
    if (typeof value === 'string') return value
    if (typeof value !== 'number') throw badParameter(name, 'must be a string')
    if (!Number.isSafeInteger(value)) throw badParameter(name, 'lost digits: ids are strings')
    return String(value)
  }

  /** A required integer. */
  int(name: string, range: { min?: number; max?: number } = {}): number {
    const value = this.optionalInt(name, range)
    if (value === undefined) throw badParameter(name, 'is required')
    return value
  }

  optionalInt(
    name: string,
    { min = -Infinity, max = Infinity }: { min?: number; max?: number } = {},
  ): number | undefined {
    const value = this.#values.get(name)
    if (value === undefined || value === null || value === '') return undefined
    const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value
    if (typeof number === 'boolean') return Number(number)
    if (typeof number !== 'number' || !Number.isSafeInteger(number)) {
      throw badParameter(name, 'must be an integer')
    }
    if (number < min || number > max) throw badParameter(name, 'is out of range')
    return number
  }

  /** An integer out of a fixed set. */
  choice<const T extends number>(name: string, allowed: readonly T[], fallback?: T): T {
    const value = this.optionalInt(name) ?? fallback
    const found = allowed.find((candidate) => candidate === value)
    if (found === undefined) throw badParameter(name, `must be one of ${allowed.join(', ')}`)
    return found
  }

  /** A text out of a fixed set. */
  word<const T extends string>(name: string, allowed: readonly T[], fallback?: T): T {
    const value = this.optionalString(name) ?? fallback
    const found = allowed.find((candidate) => candidate === value)
    if (found === undefined) throw badParameter(name, `must be one of ${allowed.join(', ')}`)
    return found
  }

  /** `true`, `1` and their texts are true; `false`, `0` and theirs are false. */
  boolean(name: string, fallback: boolean): boolean {
    const value = this.#values.get(name)
    if (value === undefined || value === null || value === '') return fallback
    if (value === true || value === 1 || value === '1' || value === 'true') return true
    if (value === false || value === 0 || value === '0' || value === 'false') return false
    throw badParameter(name, 'must be a boolean')
  }

  /** A required list of texts. */
  strings(name: string): string[] {
    const value = this.#values.get(name)
    if (!Array.isArray(value)) throw badParameter(name, 'must be an array')
    const list: string[] = value.map((item: unknown) => {
      if (typeof item !== 'string') throw badParameter(name, 'must be an array of strings')
      return item
    })
    return list
  }

  /** A bit set, which may exceed 32 bits. */
  bits(name: string): bigint | undefined {
    const value = this.optionalInt(name, { min: 0 })
    return value === undefined ? undefined : BigInt(value)
  }
}
