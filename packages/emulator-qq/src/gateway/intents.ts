/** The intent bits of the gateway and the events each one subscribes to. */
const eventsByBit = {
  0: 'GUILD_CREATE GUILD_UPDATE GUILD_DELETE CHANNEL_CREATE CHANNEL_UPDATE CHANNEL_DELETE',
  1: 'GUILD_MEMBER_ADD GUILD_MEMBER_UPDATE GUILD_MEMBER_REMOVE',
  9: 'MESSAGE_CREATE MESSAGE_DELETE',
  10: 'MESSAGE_REACTION_ADD MESSAGE_REACTION_REMOVE',
  12: 'DIRECT_MESSAGE_CREATE DIRECT_MESSAGE_DELETE',
  18:
    'OPEN_FORUM_THREAD_CREATE OPEN_FORUM_THREAD_UPDATE OPEN_FORUM_THREAD_DELETE OPEN_FORUM_POST_CREATE ' +
    'OPEN_FORUM_POST_DELETE OPEN_FORUM_REPLY_CREATE OPEN_FORUM_REPLY_DELETE',
  19: 'AUDIO_OR_LIVE_CHANNEL_MEMBER_ENTER AUDIO_OR_LIVE_CHANNEL_MEMBER_EXIT',
  23: 'ENTER_AIO',
  24: 'GROUP_MEMBER_ADD GROUP_MEMBER_REMOVE',
  25:
    'C2C_MESSAGE_CREATE GROUP_AT_MESSAGE_CREATE GROUP_MESSAGE_CREATE FRIEND_ADD FRIEND_DEL C2C_MSG_REJECT ' +
    'C2C_MSG_RECEIVE GROUP_ADD_ROBOT GROUP_DEL_ROBOT GROUP_MSG_REJECT GROUP_MSG_RECEIVE ' +
    'GROUP_JOIN_REQUEST SUBSCRIBE_MESSAGE_STATUS',
  26: 'INTERACTION_CREATE',
  27: 'MESSAGE_AUDIT_PASS MESSAGE_AUDIT_REJECT',
  28:
    'FORUM_THREAD_CREATE FORUM_THREAD_UPDATE FORUM_THREAD_DELETE FORUM_POST_CREATE FORUM_POST_DELETE ' +
    'FORUM_REPLY_CREATE FORUM_REPLY_DELETE FORUM_PUBLISH_AUDIT_RESULT',
  29: 'AUDIO_START AUDIO_FINISH AUDIO_ON_MIC AUDIO_OFF_MIC',
  30: 'AT_MESSAGE_CREATE PUBLIC_MESSAGE_DELETE',
}

const bitByEvent = new Map<string, number>(
  Object.entries(eventsByBit).flatMap(([bit, events]) =>
    events.split(' ').map((event): [string, number] => [event, 2 ** Number(bit)]),
  ),
)

/** Every intent the platform knows, as one number. */
export const allIntents: number = Object.keys(eventsByBit).reduce((sum, bit) => sum + 2 ** Number(bit), 0)

/** The intents of a bot that applied for nothing: GUILDS, GUILD_MEMBERS, PUBLIC_GUILD_MESSAGES. */
export const basicIntents: number = 2 ** 0 + 2 ** 1 + 2 ** 30

/** The intent an event needs; undefined for session events and names of the future, which everybody gets. */
export const intentOf = (event: string): number | undefined => bitByEvent.get(event)

/** The bits of `intents` that are not in `allowed`. */
export const excessIntents = (intents: number, allowed: number): number => (intents & ~allowed) >>> 0
