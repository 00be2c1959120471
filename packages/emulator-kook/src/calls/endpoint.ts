import type { FormFile, JsonObject } from '@mynah/emulator-kit'
import type { UserState } from '../world/model.ts'
import type { World } from '../world/world.ts'
import type { Params } from './params.ts'

/** What endpoints can ask of the connection side of the platform. */
export interface Platform {
  /** A new gateway address with a short-lived token. */
  gatewayUrl(compress: boolean): string
  isOnline(): boolean
  /** `Websocket` or `Webhook`. */
  readonly kind: string
  goOffline(): void
  /** Brings a webhook bot back by challenging it again. */
  goOnline(): Promise<void>
  /** The intent mask of the bot. */
  readonly intent: number
}

/** One call as an endpoint sees it. */
export interface ApiCall {
  readonly world: World
  /** Query of a GET, body of a POST. */
  readonly params: Params
  /** Query of any call. */
  readonly query: Params
  /** The parsed body. */
  readonly body: unknown
  /** The bot, or the person who authorised an OAuth2 call. */
  readonly caller: UserState
  readonly files: ReadonlyMap<string, FormFile>
  readonly platform: Platform
}

/** An answer without the envelope. */
export class RawReply {
  readonly contentType: string
  readonly body: string | Uint8Array
  /** What the record of the call shows as `data`. */
  readonly data: unknown

  constructor(contentType: string, body: string | Uint8Array, data: unknown = null) {
    this.contentType = contentType
    this.body = body
    this.data = data
  }
}

/** Carries out one call and returns the `data` of the answer. */
export type Endpoint = (call: ApiCall) => unknown

/** Endpoints by `METHOD path`, the path relative to `/api/v3/`. */
export type Endpoints = Readonly<Record<string, Endpoint>>

/** The answer of calls that have nothing to say. */
export const nothing: JsonObject = {}

/** One page of a list, in the platform's shape. */
export function page<T>(
  call: ApiCall,
  items: readonly T[],
  view: (item: T) => JsonObject,
  sortable: readonly string[] = [],
): JsonObject {
  const pageSize = Math.min(call.params.optionalInt('page_size', { min: 1 }) ?? 50, 50)
  const current = call.params.optionalInt('page', { min: 1 }) ?? 1
  const sort = call.params.optionalString('sort') ?? ''
  const field = sort.replace(/^-/, '')
  const direction = sort.startsWith('-') ? -1 : 1
  const views = items.map(view)
  const isSorted = sortable.includes(field)
  if (isSorted) views.sort((a, b) => direction * compare(a[field], b[field]))
  return {
    items: views.slice((current - 1) * pageSize, current * pageSize),
    meta: {
      page: current,
      page_total: Math.ceil(items.length / pageSize),
      page_size: pageSize,
      total: items.length,
    },
    sort: isSorted ? { [field]: direction } : [],
  }
}

function compare(a: unknown = null, b: unknown = null): number {
  return JSON.stringify(a).localeCompare(JSON.stringify(b), 'en', { numeric: true })
}
