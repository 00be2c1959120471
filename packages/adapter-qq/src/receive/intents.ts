/** Names of all kinds. */
export const intentNames = [
  'GUILDS',
  'GUILD_MEMBERS',
  'GUILD_MESSAGES',
  'GUILD_MESSAGE_REACTIONS',
  'DIRECT_MESSAGE',
  'OPEN_FORUMS_EVENT',
  'AUDIO_OR_LIVE_CHANNEL_MEMBER',
  'ENTER_AIO',
  'GROUP_MEMBER_EVENT',
  'GROUP_AND_C2C_EVENT',
  'INTERACTION',
  'MESSAGE_AUDIT',
  'FORUMS_EVENT',
  'AUDIO_ACTION',
  'PUBLIC_GUILD_MESSAGES',
] as const

/** Name of a kind of events. */
export type IntentName = (typeof intentNames)[number]

/** Kinds of events by bit (official docs: "Event subscription", intents). */
export const intents: Readonly<Record<IntentName, number>> = {
  GUILDS: 1 << 0,
  GUILD_MEMBERS: 1 << 1,
  GUILD_MESSAGES: 1 << 9,
  GUILD_MESSAGE_REACTIONS: 1 << 10,
  DIRECT_MESSAGE: 1 << 12,
  OPEN_FORUMS_EVENT: 1 << 18,
  AUDIO_OR_LIVE_CHANNEL_MEMBER: 1 << 19,
  ENTER_AIO: 1 << 23,
  GROUP_MEMBER_EVENT: 1 << 24,
  GROUP_AND_C2C_EVENT: 1 << 25,
  INTERACTION: 1 << 26,
  MESSAGE_AUDIT: 1 << 27,
  FORUMS_EVENT: 1 << 28,
  AUDIO_ACTION: 1 << 29,
  PUBLIC_GUILD_MESSAGES: 1 << 30,
}

/** What every bot is granted. */
export const basicIntents: readonly IntentName[] = ['GUILDS', 'GUILD_MEMBERS', 'PUBLIC_GUILD_MESSAGES']

/** What only bots of the private domain are granted. */
export const privateIntents: readonly IntentName[] = ['GUILD_MESSAGES', 'FORUMS_EVENT']

/**
 * The order in which refused kinds are given up, one per refusal: first those that need an application nobody
 * can see from here, then the usual ones.
 */
export const giveUpOrder: readonly IntentName[] = [
  'FORUMS_EVENT',
  'OPEN_FORUMS_EVENT',
  'AUDIO_OR_LIVE_CHANNEL_MEMBER',
  'AUDIO_ACTION',
  'ENTER_AIO',
  'MESSAGE_AUDIT',
  'GUILD_MESSAGE_REACTIONS',
  'GUILD_MEMBERS',
  'GUILD_MESSAGES',
  'PUBLIC_GUILD_MESSAGES',
  'DIRECT_MESSAGE',
  'GROUP_MEMBER_EVENT',
  'INTERACTION',
  'GROUP_AND_C2C_EVENT',
  'GUILDS',
]

/** The number that Identify carries. */
export function intentBits(names: Iterable<IntentName>): number {
  let bits = 0
  for (const name of names) bits = (bits | intents[name]) >>> 0
  return bits
}

const groups: readonly [RegExp, IntentName][] = [
  [/^(GUILD|CHANNEL)_(CREATE|UPDATE|DELETE)$/, 'GUILDS'],
  [/^GUILD_MEMBER_/, 'GUILD_MEMBERS'],
  [/^MESSAGE_(CREATE|DELETE)$/, 'GUILD_MESSAGES'],
  [/^MESSAGE_REACTION_/, 'GUILD_MESSAGE_REACTIONS'],
  [/^DIRECT_MESSAGE_/, 'DIRECT_MESSAGE'],
  [/^OPEN_FORUM_/, 'OPEN_FORUMS_EVENT'],
  [/^AUDIO_OR_LIVE_CHANNEL_MEMBER_/, 'AUDIO_OR_LIVE_CHANNEL_MEMBER'],
  [/^ENTER_AIO$/, 'ENTER_AIO'],
  [/^GROUP_MEMBER_/, 'GROUP_MEMBER_EVENT'],
  [/^(C2C_|GROUP_|FRIEND_|SUBSCRIBE_)/, 'GROUP_AND_C2C_EVENT'],
  [/^INTERACTION_/, 'INTERACTION'],
  [/^MESSAGE_AUDIT_/, 'MESSAGE_AUDIT'],
  [/^FORUM_/, 'FORUMS_EVENT'],
  [/^AUDIO_/, 'AUDIO_ACTION'],
  [/^(AT_MESSAGE_CREATE|PUBLIC_MESSAGE_DELETE)$/, 'PUBLIC_GUILD_MESSAGES'],
]

/** The kind an event belongs to; `undefined` for READY, RESUMED and events nobody documents. */
export function intentOf(event: string): IntentName | undefined {
  return groups.find(([names]) => names.test(event))?.[1]
}
