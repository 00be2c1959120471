import { nothing, type Endpoints } from '../calls/endpoint.ts'
import { badParameter } from '../calls/refusal.ts'
import { storeAsset } from '../world/assets.ts'
import { memberView, userView } from '../world/views.ts'
import { guildOf, memberOf, userOf } from './lookup.ts'

/** The gateway, uploads, and what the bot is. */
export const platformEndpoints: Endpoints = {
  'GET gateway/index': (call) => ({ url: call.platform.gatewayUrl(call.params.boolean('compress', true)) }),

  'POST asset/create': (call) => {
    const file = call.files.get('file')
    if (file === undefined) throw badParameter('file', 'must be a file of a multipart form')
    if (!/\.\w+$/.test(file.name)) throw badParameter('file', 'needs a name with an extension')
    return { url: storeAsset(call.world, call.caller.id, file).url }
  },

  'GET user/me': (call) => ({
    ...userView(call.caller),
    mobile_verified: call.caller.mobileVerified,
    mobile_prefix: '86',
    mobile: '123****4567',
    invited_count: 0,
    verified: true,
    ...(call.caller.bot && {
      client_id: call.world.profile.clientId,
      bot_status: 0,
      intent: call.platform.intent,
    }),
  }),

  'GET user/view': (call) => {
    const user = userOf(call)
    if (!call.params.has('guild_id')) return { ...userView(user), mobile_verified: user.mobileVerified }
    const guild = guildOf(call)
    return memberView(call.world, guild, memberOf(call, guild).userId)
  },

  'POST user/offline': (call) => {
    call.platform.goOffline()
    return nothing
  },

  'POST user/online': async (call) => {
    await call.platform.goOnline()
    return nothing
  },

  'GET user/get-online-status': (call) => {
    const online = call.platform.isOnline()
    return { online, online_os: online ? [call.platform.kind] : [] }
  },
}
