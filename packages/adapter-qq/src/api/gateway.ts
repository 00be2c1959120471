import { MynahError } from '@mynah/core'
import { Resource } from './resource.ts'

/** How many sessions may be started. */
export interface SessionStartLimit {
  /** Per 24 hours. */
  readonly total: number
  /** How many may still be started. */
  readonly remaining: number
  /** In so many ms the count begins anew. */
  readonly reset_after: number
  /** Logins per 5 seconds. */
  readonly max_concurrency: number
}

/** `GET /gateway/bot`. */
export interface GatewayInfo {
  /** Address of the gateway. */
  readonly url: string
  /** Suggested number of connections. */
  readonly shards?: number
  /** How many sessions may be started. */
  readonly session_start_limit?: SessionStartLimit
}

/** Where the gateway is. */
export class GatewayApi extends Resource {
  /** The address alone. @see Official docs: "WebSocket", getting the address. */
  async url(): Promise<string> {
    return checked(await this.call<GatewayInfo | undefined>('GET /gateway')).url
  }

  /** Address, shards and session limits. @see Official docs: "WebSocket", sharding. */
  async info(): Promise<GatewayInfo> {
    return checked(await this.call<GatewayInfo | undefined>('GET /gateway/bot'))
  }
}

function checked(info: GatewayInfo | undefined): GatewayInfo {
  if (typeof info?.url === 'string' && info.url !== '') return info
  throw new MynahError(
    'API_INVALID_RESPONSE',
    'The gateway address is missing in the answer; set endpoints.gateway.',
  )
}
