import { ApiRefusal } from '../calls/refusal.ts'
import type { ActionTable } from '../calls/action.ts'

const closed = (): never => {
  throw new ApiRefusal('GUILD_NOT_FOUND')
}

const needGuild = { on: 'G', run: closed }

/** go-cqhttp's guilds. QQ closed the service, so the account is in none. */
export const guildActions: ActionTable = {
  get_guild_service_profile: {
    on: 'GN',
    run: (_params, { profile }) =>
      profile.letter === 'N' ? null : { nickname: '', tiny_id: '0', avatar_url: '' },
  },
  get_guild_list: { on: 'GNB', run: (_params, { profile }) => (profile.letter === 'G' ? [] : null) },
  get_guild_meta_by_guest: needGuild,
  get_guild_channel_list: needGuild,
  get_guild_member_list: needGuild,
  get_guild_member_profile: needGuild,
  send_guild_channel_msg: needGuild,
  get_guild_msg: needGuild,
  get_topic_channel_feeds: needGuild,
  get_guild_roles: needGuild,
  create_guild_role: needGuild,
  update_guild_role: needGuild,
  delete_guild_role: needGuild,
  set_guild_member_role: needGuild,
}
