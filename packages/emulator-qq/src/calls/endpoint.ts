import type { IncomingHttpHeaders } from 'node:http'
import { ApiRefusal } from './refusal.ts'
import type { JsonObject } from '@mynah/emulator-kit'
import type { Fields } from './fields.ts'
import type { RateLimit } from '../world/limits.ts'
import type { QQFile } from '../world/message.ts'
import type { QQGrants } from '../world/platform.ts'

/** One request, decoded, for an endpoint to answer. */
export interface ApiRequest {
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  /** The JSON object of the body, or the text fields of a form; empty when there is none. */
  readonly fields: Fields
  /** The files of a form. */
  readonly files: ReadonlyMap<string, QQFile>
  readonly rawBody: Buffer
  /** A placeholder of the path, decoded. */
  readonly param: (name: string) => string
}

export interface ApiReply {
  readonly status: number
  /** Sent as JSON; left out, the body is empty. */
  readonly body?: JsonObject | readonly unknown[] | null
}

/** A right the bot needs, and the code it is refused with. */
export interface Need {
  readonly grant: Exclude<keyof QQGrants, 'intents'>
  readonly code: number
}

export interface Endpoint {
  readonly needs?: readonly Need[]
  /** @defaultValue 50 per second for the whole bot */
  readonly limit?: RateLimit
  /** The code of a refusal by `limit`. @defaultValue 22009 */
  readonly limitCode?: number
  /** What is counted apart from the endpoint, such as a channel. */
  readonly limitBy?: string
  /** Whether the call works without a token. */
  readonly open?: boolean
  /** Whether the body is raw bytes of any type. */
  readonly binary?: boolean
  handle(request: ApiRequest): ApiReply | Promise<ApiReply>
}

/** Endpoints by `METHOD /path/{placeholder}`. */
export type Endpoints = Record<string, Endpoint>

export const ok = (body: NonNullable<ApiReply['body']> | null = {}): ApiReply => ({ status: 200, body })
/** 204, as most calls without a result answer. */
export const empty: ApiReply = { status: 204 }
/** 200 without a body. */
export const blank: ApiReply = { status: 200 }

export const privateDomain: Need = { grant: 'privateDomain', code: 11255 }
export const guildAdmin = (code = 11282): Need => ({ grant: 'guildAdmin', code })
export const groupAdmin: Need = { grant: 'groupAdmin', code: 40062003 }
export const allowlisted: Need = { grant: 'allowlisted', code: 11253 }

/** A whole number of the query within bounds; the default when it is absent. */
export function pageSize(query: URLSearchParams, name: string, standard: number, most: number): number {
  const value = query.get(name)
  if (value === null) return standard
  const size = Number(value)
  if (!Number.isInteger(size) || size < 1 || size > most) {
    throw new ApiRefusal(10000, { message: `${name} must be a whole number from 1 to ${most}` })
  }
  return size
}
