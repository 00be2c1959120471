import { type Call, declareCall, isRecord, readText } from '@mynah/adapter-kit'
import type { LoginStatus } from '@mynah/core'

import { OneBotError, type OneBotErrorDetails } from '../errors.ts'
import { readId, readNumber, wireId } from '../wire/raw.ts'
import type { CallOptions } from './caller.ts'
import type { Implementation, Quirks } from './quirks.ts'

/** How the connections of an account are doing. */
export interface ConnectionState {
  /** Whether it can be used. */
  readonly status: LoginStatus
  /** Who answers; `other` for what is not told apart. */
  readonly implementation: Implementation
  /** Calls without an answer yet. */
  readonly pending: number
  /** Calls that wait for a place. */
  readonly queued: number
  /** How often a connection came after the first one. */
  readonly reconnects: number
  /** Why the account cannot connect, where a person has to mend something. */
  readonly problem: string | undefined
}

/** What the typed actions need of an account. */
export interface ActionHost {
  /** How the connections are doing. */
  readonly state: ConnectionState
  /** In what the implementation differs. */
  readonly quirks: Quirks
  /** Makes a call; the result is `data` of the answer. */
  call(action: string, params: object, options?: CallOptions): Promise<unknown>
}

const idKeys: ReadonlySet<string> = new Set(['user_id', 'group_id', 'message_id', 'target_id', 'message_seq'])

/** Calls actions by name and checks of the answers what costs nothing: whether they are objects, lists or texts. */
export class Actions {
  /** The account that calls. */
  readonly host: ActionHost

  constructor(host: ActionHost) {
    this.host = host
  }

  /** `data` of the answer, unchecked. @throws OneBotError */
  call(action: string, params: object = {}, options?: CallOptions): Promise<unknown> {
    const sent = Object.entries(params).map(([key, value]): [string, unknown] => [
      key,
      typeof value === 'string' && idKeys.has(key) ? wireId(value) : value,
    ])
    return this.host.call(action, Object.fromEntries(sent), options)
  }

  /** Does something whose answer says nothing. @throws OneBotError */
  async run(action: string, params?: object, options?: CallOptions): Promise<void> {
    await this.call(action, params, options)
  }

  /**
   * An answer that is an object.
   *
   * @param numbers - Fields that some implementations give as text.
   * @throws OneBotError of kind `malformed` when it is none.
   */
  async object<T extends object>(
    action: string,
    params?: object,
    numbers: readonly (keyof T & string)[] = [],
  ): Promise<T> {
    const data = await this.call(action, params)
    if (!isRecord(data)) throw malformed('`data` of the answer is no object.', action, data)
    // The documents of the implementations stand behind the shape of what is an object.
    return withNumbers(data as T, numbers)
  }

  /**
   * An answer that is a list of which each entry has an id.
   *
   * @throws OneBotError of kind `malformed` when it is no list, or an entry lacks its id.
   */
  async list<T extends object>(action: string, params: object, id: keyof T & string): Promise<T[]> {
    const data = await this.call(action, params)
    if (!Array.isArray(data)) throw malformed('`data` of the answer is no list.', action, data)
    return data.map((entry: unknown, index) => {
      if (isRecord(entry) && readId(entry[id]) !== undefined) return entry as T
      throw malformed(`\`data[${index}].${id}\` of the answer is missing.`, action, data)
    })
  }

  /** The objects of a list that may be missing, null, or under one of several names. @throws OneBotError */
  async entries<T extends object>(action: string, params?: object, ...under: string[]): Promise<T[]> {
    return listIn(await this.call(action, params), under).filter((entry): entry is T => isRecord(entry))
  }

  /**
   * A text, which is the answer itself or stands under a name in it.
   *
   * @throws OneBotError of kind `malformed` when there is none.
   */
  async text(action: string, params: object, ...under: string[]): Promise<string> {
    const data = await this.call(action, params)
    const found = [data, ...under.map((key) => (isRecord(data) ? data[key] : undefined))].map(readText)
    const text = found.find((value) => value !== undefined)
    if (text !== undefined) return text
    throw malformed(
      `\`data${under.map((key) => `.${key}`).join(' or ')}\` of the answer is missing.`,
      action,
      data,
    )
  }
}

function listIn(data: unknown, under: readonly string[]): readonly unknown[] {
  if (Array.isArray(data)) return data
  const found: unknown = isRecord(data) ? under.map((key) => data[key]).find(Array.isArray) : undefined
  return Array.isArray(found) ? found : []
}

/** Some implementations give numbers as strings. */
export function withNumbers<T extends object>(result: T, keys: readonly (keyof T & string)[]): T {
  const fixed = keys.map((key): [string, unknown] => [key, readNumber(result[key]) ?? result[key]])
  return fixed.length === 0
    ? result
    : { ...result, ...Object.fromEntries(fixed.filter(([, value]) => value !== undefined)) }
}

function malformed(detail: string, action: string, raw: unknown): OneBotError {
  const details: OneBotErrorDetails = { action, raw }
  return new OneBotError('malformed', detail, details)
}

/**
 * One group of actions. Those that need nothing but their parameters are declared as documented, such as
 * `set_group_name(group_id, group_name)`; objects behind the named parameters hold further ones.
 */
export abstract class Resource {
  /** Makes the calls. */
  protected readonly actions: Actions

  constructor(actions: Actions) {
    this.actions = actions
  }

  /** An action whose answer says nothing. */
  protected does<Parameters extends readonly unknown[]>(signature: string): Call<Parameters> {
    return declareCall(signature, (action, params) => this.actions.run(action, params))
  }

  /** An action that answers an object. */
  protected gives<Parameters extends readonly unknown[], T extends object>(
    signature: string,
  ): Call<Parameters, T> {
    return declareCall(signature, (action, params) => this.actions.object<T>(action, params))
  }

  /** An action that answers objects in a list. */
  protected lists<Parameters extends readonly unknown[], T extends object>(
    signature: string,
  ): Call<Parameters, T[]> {
    return declareCall(signature, (action, params) => this.actions.entries<T>(action, params))
  }

  /** An action that answers a text, as it is or under a name. */
  protected says<Parameters extends readonly unknown[]>(
    signature: string,
    ...under: string[]
  ): Call<Parameters, string> {
    return declareCall(signature, (action, params) => this.actions.text(action, params, ...under))
  }

  /** An action whose answer nobody has looked at. */
  protected asks<Parameters extends readonly unknown[]>(signature: string): Call<Parameters, unknown> {
    return declareCall(signature, (action, params) => this.actions.call(action, params))
  }
}
