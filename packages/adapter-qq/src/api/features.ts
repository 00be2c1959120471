import type { BotFeature } from '@mynah/core'

import type { TargetKind } from '../encode/target.ts'

/** What only guilds have. */
const guildsOnly: readonly BotFeature[] = [
  'getMessage',
  'listMessages',
  'updateMessage',
  'pinMessage',
  'unpinMessage',
  'createReaction',
  'deleteReaction',
  'createChannel',
  'updateChannel',
  'deleteChannel',
  'muteGuild',
  'listMembers',
  'kickMember',
  'setMemberRole',
  'grantRole',
  'revokeRole',
  'listRoles',
  'createRole',
  'updateRole',
  'deleteRole',
]

/** What only places of many have. */
const notDirect: readonly BotFeature[] = [
  ...guildsOnly,
  'listChannels',
  'getGuild',
  'getMember',
  'muteMember',
  'answerRequest',
]

/** What the platform refuses, by kind of place. Members of groups have other ids than in one-to-one chats. */
const refused: Readonly<Record<TargetKind, ReadonlySet<BotFeature>>> = {
  channel: new Set(['answerRequest']),
  group: new Set([...guildsOnly, 'createDirectChannel']),
  c2c: new Set(notDirect),
  dm: new Set(notDirect),
}

/** Whether the platform has something in a kind of place. */
export function isOffered(feature: BotFeature, kind: TargetKind): boolean {
  return !refused[kind].has(feature)
}
