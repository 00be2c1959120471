import { isJsonObject, type JsonObject } from '@mynah/emulator-kit'
import { ApiRefusal } from './refusal.ts'

/**
 * Checked access to an object of a request. What has the wrong type is refused with the given code; null
 * and absent are the same, as for the platform's own servers.
 */
export class Fields {
  readonly raw: JsonObject
  readonly #code: number

  constructor(raw: JsonObject, code = 10000) {
    this.raw = raw
    this.#code = code
  }

  /** The refusal of this object, about one field. */
  fault(name: string, problem = 'is missing or has the wrong type'): ApiRefusal {
    return new ApiRefusal(this.#code, { message: `${name} ${problem}` })
  }

  has(name: string): boolean {
    return this.raw[name] !== undefined && this.raw[name] !== null
  }

  optionalString(name: string): string | undefined {
    const value = this.raw[name] ?? undefined
    if (value === undefined || typeof value === 'string') return value
    throw this.fault(name)
  }

  /** A text that is present and not empty. */
  string(name: string): string {
    const value = this.optionalString(name)
    if (value === undefined || value === '') throw this.fault(name)
    return value
  }

  /** An optional text where the empty text means "none". */
  id(name: string): string | undefined {
    return this.optionalString(name) || undefined
  }

  optionalInt(name: string): number | undefined {
    const value = this.raw[name] ?? undefined
    if (value === undefined) return undefined
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value
    throw this.fault(name)
  }

  int(name: string): number {
    const value = this.optionalInt(name)
    if (value === undefined) throw this.fault(name)
    return value
  }

  /** One of a few whole numbers. */
  intOf(name: string, allowed: readonly number[]): number {
    const value = this.int(name)
    if (!allowed.includes(value)) throw this.fault(name, `must be one of ${allowed.join(', ')}`)
    return value
  }

  /** One of a few texts. */
  stringOf<T extends string>(name: string, allowed: readonly T[]): T {
    const value = this.string(name)
    const found = allowed.find((candidate) => candidate === value)
    if (found === undefined) throw this.fault(name, `must be one of ${allowed.join(', ')}`)
    return found
  }

  boolean(name: string): boolean {
    const value = this.raw[name] ?? false
    if (typeof value === 'boolean') return value
    throw this.fault(name)
  }

  /** @param code - What the object and everything in it is refused with. */
  optionalObject(name: string, code: number = this.#code): Fields | undefined {
    const value = this.raw[name] ?? undefined
    if (value === undefined) return undefined
    if (isJsonObject(value)) return new Fields(value, code)
    throw new Fields({}, code).fault(name)
  }

  object(name: string, code: number = this.#code): Fields {
    const value = this.optionalObject(name, code)
    if (value === undefined) throw new Fields({}, code).fault(name)
    return value
  }

  /** A list of objects; absent is empty. */
  objects(name: string): Fields[] {
    return this.list(name).map((item) => {
      if (isJsonObject(item)) return new Fields(item, this.#code)
      throw this.fault(name)
    })
  }

  /** A list of texts; absent is empty. */
  strings(name: string): string[] {
    return this.list(name).map((item) => {
      if (typeof item === 'string') return item
      throw this.fault(name)
    })
  }

  list(name: string): readonly unknown[] {
    const value = this.raw[name] ?? []
    if (Array.isArray(value)) return value
    throw this.fault(name)
  }

  /** A decimal number as text: the platform's way to write 64-bit numbers. */
  optionalDecimal(name: string): string | undefined {
    const value = this.optionalString(name)
    if (value === undefined || /^\d{1,20}$/.test(value)) return value
    throw this.fault(name, 'must be a decimal number as text')
  }
}
