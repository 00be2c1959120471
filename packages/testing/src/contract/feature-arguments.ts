import { type Bot, type BotFeature, type ChatEvent, MynahError, segment } from '@mynah/core'

import { delivered, type Scene } from './scene.ts'
import type { CallScene } from './stage.ts'

/** Arguments of one call of a method. */
type Arguments<K extends BotFeature> = (
  made: CallScene,
  scene: Scene,
) => Parameters<Bot[K]> | Promise<Parameters<Bot[K]>>

const aMinuteMs = 60_000

/** How each method is called; what it needs is made first. */
export const argumentsOf: { readonly [K in BotFeature]: Arguments<K> } = {
  getMessage: ({ channelId, messageId }) => [channelId, messageId],
  listMessages: ({ channelId }) => [channelId],
  updateMessage: ({ channelId, messageId }) => [channelId, messageId, 'other words'],
  deleteMessage: ({ channelId, messageId }) => [channelId, messageId],
  pinMessage: ({ channelId, messageId }) => [channelId, messageId],
  async unpinMessage({ bot, channelId, messageId }, scene) {
    if (scene.has('pinMessage')) await bot.pinMessage(channelId, messageId)
    return [channelId, messageId]
  },
  createReaction: ({ channelId, messageId }, scene) => [channelId, messageId, emojiOf(scene)],
  async deleteReaction({ bot, channelId, messageId }, scene) {
    if (scene.has('createReaction')) await bot.createReaction(channelId, messageId, emojiOf(scene))
    return [channelId, messageId, emojiOf(scene)]
  },
  createDirectChannel: (_, { stage }) => [stage.ids.user, stage.ids.guild],
  getChannel: ({ channelId }) => [channelId],
  listChannels: (_, { stage }) => [stage.ids.guild],
  createChannel: (_, { stage }) => [stage.ids.guild, { name: 'made', type: 'text' }],
  updateChannel: ({ channelId }) => [channelId, { name: 'renamed' }],
  deleteChannel: async ({ bot, channelId }, scene) => [
    scene.has('createChannel')
      ? (await bot.createChannel(scene.stage.ids.guild, { name: 'made', type: 'text' })).id
      : channelId,
  ],
  getGuild: (_, { stage }) => [stage.ids.guild],
  listGuilds: () => [],
  leaveGuild: (_, { stage }) => [stage.ids.guild],
  muteGuild: (_, { stage }) => [stage.ids.guild, true],
  getMember: (_, { stage }) => [stage.ids.guild, stage.ids.user],
  listMembers: (_, { stage }) => [stage.ids.guild],
  kickMember: (_, { stage }) => [stage.ids.guild, stage.ids.user],
  muteMember: (_, { stage }) => [stage.ids.guild, stage.ids.user, aMinuteMs],
  setMemberNick: (_, { stage }) => [stage.ids.guild, stage.ids.user, 'Nick'],
  setMemberRole: (_, { stage }) => [stage.ids.guild, stage.ids.user, 'admin'],
  grantRole: (_, { stage }) => [stage.ids.guild, stage.ids.user, roleOf(stage.ids.role)],
  async revokeRole({ bot }, scene) {
    const { guild, user, role } = scene.stage.ids
    if (scene.has('grantRole')) await bot.grantRole(guild, user, roleOf(role))
    return [guild, user, roleOf(role)]
  },
  listRoles: (_, { stage }) => [stage.ids.guild],
  createRole: (_, { stage }) => [stage.ids.guild, { name: 'made' }],
  updateRole: async (made, scene) => [scene.stage.ids.guild, await newRole(made, scene), { name: 'renamed' }],
  deleteRole: async (made, scene) => [scene.stage.ids.guild, await newRole(made, scene)],
  getUser: (_, { stage }) => [stage.ids.user],
  listFriends: () => [],
  deleteFriend: (_, { stage }) => [stage.ids.user],
  answerRequest: async (_, scene) => [await requestIn(scene), true],
  ackInteraction: async (made, scene) => [await pressIn(made, scene)],
  poke: (_, { stage }) => [stage.ids.user, stage.ids.guild],
}

function emojiOf({ stage }: Scene): string {
  return stage.ids.emoji ?? '👍'
}

function roleOf(role: string | undefined): string {
  return role ?? 'no role'
}

async function newRole({ bot }: CallScene, scene: Scene): Promise<string> {
  const { guild, role } = scene.stage.ids
  return scene.has('createRole') ? (await bot.createRole(guild, { name: 'made' })).id : roleOf(role)
}

/** A request of somebody; any event where the bot cannot answer one. */
async function requestIn(scene: Scene): Promise<ChatEvent> {
  const { drivers, group } = scene.stage
  if (!scene.has('answerRequest')) return scene.hear(group)
  if (drivers.requestFriend !== undefined) {
    await drivers.requestFriend()
    return scene.event('friend-request')
  }
  if (drivers.requestToJoin === undefined) throw missing('answerRequest', 'requestFriend or requestToJoin')
  await drivers.requestToJoin()
  return scene.event('guild-member-request')
}

/** A button that was pressed; any event where the bot cannot acknowledge that. */
async function pressIn({ bot, channelId }: CallScene, scene: Scene): Promise<ChatEvent> {
  const event = await scene.hear(scene.stage.group)
  if (!scene.has('ackInteraction')) return event
  if (scene.stage.drivers.press === undefined) throw missing('ackInteraction', 'press')
  const content = ['Go?', segment.buttons(segment.button('go', 'Go'))]
  await scene.stage.drivers.press(delivered(await bot.sendMessage(channelId, content, { event })))
  return scene.event('interaction/button')
}

function missing(feature: BotFeature, drivers: string): MynahError {
  return new MynahError(
    'TEST_EXPECTATION',
    `${feature} is in bot.features; give the driver ${drivers}, or its arguments in stage.calls.`,
  )
}
