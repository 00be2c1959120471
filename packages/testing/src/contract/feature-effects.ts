import { type Bot, type BotFeature, plainText } from '@mynah/core'

import { delivered, type Scene } from './scene.ts'
import type { CallScene } from './stage.ts'

/** A call that was made, with what it answered. */
export interface Made<K extends BotFeature> {
  readonly scene: Scene
  readonly bot: Bot
  readonly args: Parameters<Bot[K]>
  readonly result: Awaited<ReturnType<Bot[K]>>
}

interface Effect<K extends BotFeature> {
  /** The method that reads it back; where the account lacks it, the platform has to show it. */
  readonly by?: BotFeature
  /** What has to be so in the end. */
  readonly expected: string
  /** Whether it is. */
  isSo(made: Made<K>): Promise<boolean> | boolean
}

/** What is so after a call: asked back through the bot, or seen on the platform. */
const effectOf: { readonly [K in BotFeature]?: Effect<K> } = {
  getMessage: {
    expected: 'the answer is the message that was asked for',
    isSo: ({ args: [, messageId], result }) => result.id === messageId,
  },
  updateMessage: {
    by: 'getMessage',
    expected: 'the message has the new words',
    isSo: async ({ bot, args: [channelId, messageId] }) =>
      plainText((await bot.getMessage(channelId, messageId)).content).includes('other'),
  },
  deleteMessage: {
    by: 'getMessage',
    expected: 'the message is gone',
    isSo: ({ bot, args: [channelId, messageId] }) => fails(bot.getMessage(channelId, messageId)),
  },
  createDirectChannel: {
    expected: 'the person sees what is said there',
    async isSo({ bot, scene, result }) {
      delivered(await bot.sendMessage(result.id, 'just you'))
      return (await scene.stage.direct.arrival()).text === 'just you'
    },
  },
  getChannel: { expected: 'the answer is that channel', isSo: ({ args: [id], result }) => result.id === id },
  createChannel: {
    by: 'listChannels',
    expected: 'the channel is among those of the guild, with its name',
    isSo: async ({ bot, args: [guildId], result }) =>
      (await bot.listChannels(guildId)).data.some(({ id, name }) => id === result.id && name === 'made'),
  },
  updateChannel: {
    by: 'getChannel',
    expected: 'the channel has its new name',
    isSo: async ({ bot, args: [channelId] }) => (await bot.getChannel(channelId)).name === 'renamed',
  },
  deleteChannel: {
    by: 'listChannels',
    expected: 'the channel is no longer among those of the guild',
    isSo: async ({ bot, scene, args: [channelId] }) =>
      (await bot.listChannels(scene.stage.ids.guild)).data.every(({ id }) => id !== channelId),
  },
  getGuild: { expected: 'the answer is that guild', isSo: ({ args: [id], result }) => result.id === id },
  leaveGuild: {
    by: 'listGuilds',
    expected: 'the guild is no longer among those of the bot',
    isSo: async ({ bot, args: [guildId] }) => (await bot.listGuilds()).data.every(({ id }) => id !== guildId),
  },
  getMember: {
    expected: 'the answer is that member',
    isSo: ({ args: [, userId], result }) => result.user?.id === userId,
  },
  kickMember: {
    by: 'listMembers',
    expected: 'the person is no longer a member',
    isSo: async ({ bot, args: [guildId, userId] }) =>
      (await bot.listMembers(guildId)).data.every(({ user }) => user?.id !== userId),
  },
  setMemberNick: {
    by: 'getMember',
    expected: 'the member has the new nick',
    isSo: async ({ bot, args: [guildId, userId] }) => (await bot.getMember(guildId, userId)).nick === 'Nick',
  },
  setMemberRole: {
    by: 'getMember',
    expected: 'the member is an admin',
    isSo: async ({ bot, args: [guildId, userId] }) => (await bot.getMember(guildId, userId)).role === 'admin',
  },
  grantRole: {
    by: 'getMember',
    expected: 'the member has the role',
    isSo: async ({ bot, args: [guildId, userId, roleId] }) =>
      rolesOf(await bot.getMember(guildId, userId)).includes(roleId),
  },
  revokeRole: {
    by: 'getMember',
    expected: 'the member no longer has the role',
    isSo: async ({ bot, args: [guildId, userId, roleId] }) =>
      !rolesOf(await bot.getMember(guildId, userId)).includes(roleId),
  },
  createRole: {
    by: 'listRoles',
    expected: 'the role is among those of the guild, with its name',
    isSo: async ({ bot, args: [guildId], result }) =>
      (await bot.listRoles(guildId)).data.some(({ id, name }) => id === result.id && name === 'made'),
  },
  updateRole: {
    by: 'listRoles',
    expected: 'the role has its new name',
    isSo: async ({ bot, args: [guildId, roleId] }) =>
      (await bot.listRoles(guildId)).data.some(({ id, name }) => id === roleId && name === 'renamed'),
  },
  deleteRole: {
    by: 'listRoles',
    expected: 'the role is no longer among those of the guild',
    isSo: async ({ bot, args: [guildId, roleId] }) =>
      (await bot.listRoles(guildId)).data.every(({ id }) => id !== roleId),
  },
  getUser: { expected: 'the answer is that person', isSo: ({ args: [id], result }) => result.id === id },
  deleteFriend: {
    by: 'listFriends',
    expected: 'the person is no longer among the friends',
    isSo: async ({ bot, args: [userId] }) => (await bot.listFriends()).data.every(({ id }) => id !== userId),
  },
}

/** Methods whose effect no other method reads back: the platform has to show it. */
const shownOnly: ReadonlySet<BotFeature> = new Set<BotFeature>([
  'pinMessage',
  'unpinMessage',
  'createReaction',
  'deleteReaction',
  'muteGuild',
  'muteMember',
  'answerRequest',
  'poke',
])

/** Waits until the effect of a call is there. @throws MynahError `TEST_EXPECTATION` when it does not come. */
export async function expectEffect<K extends BotFeature>(
  feature: K,
  made: Made<K>,
  at: CallScene,
): Promise<void> {
  const { scene } = made
  const shows = scene.stage.shows?.[feature]
  if (shows !== undefined) return scene.until(() => shows(at), `the platform shows what ${feature} did`)
  const effect: Effect<K> | undefined = effectOf[feature]
  if (effect !== undefined && (effect.by === undefined || scene.has(effect.by))) {
    return scene.until(() => effect.isSo(made), `after ${feature} ${effect.expected}`)
  }
  if (effect === undefined && !shownOnly.has(feature)) return
  scene.fail(`${feature} is in bot.features, but nothing tells whether it works; give stage.shows.${feature}`)
}

const rolesOf = ({ roleIds = [] }: { readonly roleIds?: readonly string[] }): readonly string[] => roleIds

const fails = (promise: Promise<unknown>): Promise<boolean> =>
  promise.then(
    () => false,
    () => true,
  )
