import { ApiRefusal } from '../calls/refusal.ts'
import { ok, type Endpoints } from '../calls/endpoint.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Platform } from '../world/platform.ts'

/** The way in: access token, gateway address. */
export const accessEndpoints = (
  platform: Platform,
  gateway: Gateway,
  secret: string,
  gatewayUrl: () => string,
): Endpoints => ({
  'POST /app/getAppAccessToken': {
    open: true,
    handle({ fields }) {
      if (platform.botState === 'missing')
        throw new ApiRefusal(10004, { status: 200, message: 'the bot does not exist' })
      if (platform.botState === 'banned') throw new ApiRefusal(100007)
      const { appId, clientSecret } = fields.raw
      if (appId !== platform.appId || clientSecret !== secret) throw new ApiRefusal(100016)
      const { token, expiresIn } = platform.tokens.issue()
      return ok({ access_token: token, expires_in: String(expiresIn) })
    },
  },
  'GET /gateway': { handle: () => ok({ url: gatewayUrl() }) },
  'GET /gateway/bot': { handle: () => ok({ url: gatewayUrl(), ...gateway.limits() }) },
})
