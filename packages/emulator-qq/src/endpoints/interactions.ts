import { ApiRefusal } from '../calls/refusal.ts'
import { blank, ok, type Endpoints } from '../calls/endpoint.ts'
import { Fields } from '../calls/fields.ts'
import type { Platform } from '../world/platform.ts'

const ackCodes = [0, 1, 2, 3, 4, 5]
const callbackDataLimit = 32

/** Acknowledging interactions, and links that bring friends. */
export const interactionEndpoints = (platform: Platform): Endpoints => ({
  'PUT /interactions/{interaction_id}': {
    handle({ param, fields, headers }) {
      const caller = headers['x-callback-appid']
      if (caller !== undefined && caller !== platform.appId) throw new ApiRefusal(630003)
      const code = new Fields(fields.raw, 630001).intOf('code', ackCodes)
      platform.interactions.acknowledge(param('interaction_id'), code, platform.clock.now())
      return blank
    },
  },
  'POST /v2/generate_url_link': {
    handle({ fields }) {
      const data = fields.optionalString('callback_data') ?? ''
      if (data.length > callbackDataLimit) throw fields.fault('callback_data', 'is longer than 32 characters')
      const link = `https://example.invalid/bot/${platform.appId}?data=${encodeURIComponent(data)}`
      return ok({ url_link: link })
    },
  },
})
