import type { Endpoints } from '../endpoint.ts'
import type { Gateway } from '../gateway.ts'
import type { Media } from '../media.ts'
import type { Platform } from '../platform.ts'
import { accessEndpoints } from './access.ts'
import { chatMessageEndpoints } from './chat-messages.ts'

/** What the endpoints stand on. */
export interface EndpointParts {
  platform: Platform
  gateway: Gateway
  media: Media
  secret: string
  baseUrls: () => { readonly api: string; readonly gateway: string }
  firstPartIndex: 0 | 1
}

/** Every endpoint of the platform. */
export const allEndpoints = ({ platform, gateway, media, secret, baseUrls }: EndpointParts): Endpoints => ({
  ...accessEndpoints(platform, gateway, secret, () => baseUrls().gateway),
  ...chatMessageEndpoints(platform, media),
})
