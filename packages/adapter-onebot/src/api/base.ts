import type { CallOptions } from './caller.ts'
import type { Quirks } from './quirks.ts'
import { isRaw, readNumber, wireId } from '../wire/raw.ts'

/** What the typed actions need of an account. */
export interface ApiHost {
  readonly quirks: Quirks
  call(action: string, params: object, options?: CallOptions): Promise<unknown>
}

/** Parameters of an action, as its method takes them. */
type Params = Readonly<Record<string, unknown>>

const idKeys: ReadonlySet<string> = new Set(['user_id', 'group_id', 'message_id', 'target_id', 'message_seq'])

/** Calls actions by name; the typed groups of actions build on it. */
export class ApiBase {
  readonly #host: ApiHost

  constructor(host: ApiHost) {
    this.#host = host
  }

  protected get quirks(): Quirks {
    return this.#host.quirks
  }

  /**
   * Calls any action, also those without a method of their own and those that begin with `.` or `_`.
   * Parameters that are `undefined` are left out; numeric ids may be strings.
   *
   * @returns `data` of the answer, typed as the caller says; nothing checks that.
   * @throws OneBotError of the class that fits; see its `outcome` before trying again.
   */
  async call<T = unknown>(action: string, params: object = {}, options?: CallOptions): Promise<T> {
    // The one cast: the documents of the implementation stand behind the shape.
    return (await this.#host.call(action, withNumericIds(params as Params), options)) as T
  }
}

function withNumericIds(params: Params): Params {
  const result: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(params)) {
    result[key] = typeof value === 'string' && idKeys.has(key) ? wireId(value) : value
  }
  return result
}

/** Some implementations give numbers as strings. */
export function withNumbers<T extends object>(result: T, ...keys: (keyof T & string)[]): T {
  if (!isRaw(result)) return result
  const fixed: Record<string, unknown> = { ...result }
  for (const key of keys) {
    if (fixed[key] !== undefined) fixed[key] = readNumber(fixed[key]) ?? fixed[key]
  }
  return { ...result, ...fixed }
}

/** A list that may be missing, null, or under one of several names. */
export function listOf(data: unknown, ...keys: string[]): readonly unknown[] {
  if (Array.isArray(data)) return data
  if (!isRaw(data)) return []
  const found: unknown = keys.map((key) => data[key]).find((value) => Array.isArray(value))
  return Array.isArray(found) ? found : []
}
