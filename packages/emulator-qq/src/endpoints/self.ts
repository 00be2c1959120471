import { ok, pageSize, type Endpoints } from '../calls/endpoint.ts'
import type { Platform } from '../world/platform.ts'
import { guildView, userView } from '../world/views.ts'

/** The bot itself. */
export const selfEndpoints = (platform: Platform): Endpoints => ({
  'GET /users/@me': {
    handle: () =>
      ok({
        ...userView(platform.bot),
        union_openid: platform.bot.unionOpenid,
        union_user_account: '',
        share_url: `https://example.invalid/bot/${platform.appId}`,
        welcome_msg: '',
      }),
  },
  'GET /users/@me/guilds': {
    handle({ query }) {
      const limit = pageSize(query, 'limit', 100, 100)
      const guilds = [...platform.world.guilds.values()].filter(({ botIn }) => botIn)
      const before = query.get('before')
      const after = query.get('after')
      const isBoth = before !== null && after !== null
      const start = after === null || isBoth ? 0 : guilds.findIndex(({ id }) => id === after) + 1
      const limitIndex = before === null || isBoth ? -1 : guilds.findIndex(({ id }) => id === before)
      const end = limitIndex < 0 ? guilds.length : limitIndex
      const page =
        before === null || isBoth
          ? guilds.slice(start, start + limit)
          : guilds.slice(Math.max(0, end - limit), end)
      return ok(page.map(guildView))
    },
  },
})
