import type { BotHost } from '../../src/adapter/bot-host.ts'
import type { LocalBot } from '../../src/adapter/local-bot.ts'
import { type Bot, type BotFeature, type BotInfo, infoOf, type PlatformApis } from '../../src/bot/bot.ts'
import type { Outbox } from '../../src/bot/hatches.ts'
import type { Content, Receipt } from '../../src/index.ts'
import type { EditOptions, SendOptions } from '../../src/bot/send-options.ts'
import { localBot } from '../../src/testing/local-bot-of.ts'
import { copy } from './copy.ts'

/** An account behind a wall: what it is arrives as data, what it does is asked for through the outbox. */
export class RemoteBot implements Bot {
  readonly #account: LocalBot
  readonly #outbox: Outbox
  readonly #host: BotHost

  constructor(account: LocalBot, outbox: Outbox, host: BotHost) {
    this.#account = account
    this.#outbox = outbox
    this.#host = host
    Object.defineProperty(this, localBot, { value: account })
  }

  get #info(): BotInfo {
    return copy(infoOf(this.#account))
  }

  get platform(): string {
    return this.#info.platform
  }
  get selfId(): string {
    return this.#info.selfId
  }
  get key(): string {
    return this.#info.key
  }
  get status(): BotInfo['status'] {
    return this.#info.status
  }
  get user(): BotInfo['user'] {
    return this.#info.user
  }
  get features(): readonly BotFeature[] {
    return this.#info.features
  }
  get support(): BotInfo['support'] {
    return this.#info.support
  }
  get intake(): BotInfo['intake'] {
    return this.#info.intake
  }
  get isBesideLog(): boolean {
    return this.#info.isBesideLog
  }

  sendMessage(channelId: string, content: Content, options?: SendOptions): Promise<Receipt> {
    return this.#host.send(this, channelId, content, options)
  }

  updateMessage(
    channelId: string,
    messageId: string,
    content: Content,
    options?: EditOptions,
  ): Promise<void> {
    if (!this.features.includes('updateMessage'))
      return this.#account.updateMessage(channelId, messageId, content)
    return this.#host.edit(this, channelId, messageId, content, options)
  }

  featuresIn: Bot['featuresIn'] = (...args) => this.#call('featuresIn', args)
  replyBudget: Bot['replyBudget'] = (...args) => this.#call('replyBudget', args)

  api<K extends keyof PlatformApis>(platform: K): PlatformApis[K] {
    // Refuses the API of another platform in the same words.
    void this.#account.api(platform)
    return this.#remoteApi(['api', platform]) as PlatformApis[K]
  }

  getMessage: Bot['getMessage'] = (...args) => this.#call('getMessage', args)
  listMessages: Bot['listMessages'] = (...args) => this.#call('listMessages', args)
  deleteMessage: Bot['deleteMessage'] = (...args) => this.#call('deleteMessage', args)
  pinMessage: Bot['pinMessage'] = (...args) => this.#call('pinMessage', args)
  unpinMessage: Bot['unpinMessage'] = (...args) => this.#call('unpinMessage', args)
  createReaction: Bot['createReaction'] = (...args) => this.#call('createReaction', args)
  deleteReaction: Bot['deleteReaction'] = (...args) => this.#call('deleteReaction', args)
  createDirectChannel: Bot['createDirectChannel'] = (...args) => this.#call('createDirectChannel', args)
  getChannel: Bot['getChannel'] = (...args) => this.#call('getChannel', args)
  listChannels: Bot['listChannels'] = (...args) => this.#call('listChannels', args)
  createChannel: Bot['createChannel'] = (...args) => this.#call('createChannel', args)
  updateChannel: Bot['updateChannel'] = (...args) => this.#call('updateChannel', args)
  deleteChannel: Bot['deleteChannel'] = (...args) => this.#call('deleteChannel', args)
  getGuild: Bot['getGuild'] = (...args) => this.#call('getGuild', args)
  listGuilds: Bot['listGuilds'] = (...args) => this.#call('listGuilds', args)
  leaveGuild: Bot['leaveGuild'] = (...args) => this.#call('leaveGuild', args)
  muteGuild: Bot['muteGuild'] = (...args) => this.#call('muteGuild', args)
  getMember: Bot['getMember'] = (...args) => this.#call('getMember', args)
  listMembers: Bot['listMembers'] = (...args) => this.#call('listMembers', args)
  kickMember: Bot['kickMember'] = (...args) => this.#call('kickMember', args)
  muteMember: Bot['muteMember'] = (...args) => this.#call('muteMember', args)
  setMemberNick: Bot['setMemberNick'] = (...args) => this.#call('setMemberNick', args)
  setMemberRole: Bot['setMemberRole'] = (...args) => this.#call('setMemberRole', args)
  grantRole: Bot['grantRole'] = (...args) => this.#call('grantRole', args)
  revokeRole: Bot['revokeRole'] = (...args) => this.#call('revokeRole', args)
  listRoles: Bot['listRoles'] = (...args) => this.#call('listRoles', args)
  createRole: Bot['createRole'] = (...args) => this.#call('createRole', args)
  updateRole: Bot['updateRole'] = (...args) => this.#call('updateRole', args)
  deleteRole: Bot['deleteRole'] = (...args) => this.#call('deleteRole', args)
  getUser: Bot['getUser'] = (...args) => this.#call('getUser', args)
  listFriends: Bot['listFriends'] = (...args) => this.#call('listFriends', args)
  deleteFriend: Bot['deleteFriend'] = (...args) => this.#call('deleteFriend', args)
  answerRequest: Bot['answerRequest'] = (...args) => this.#call('answerRequest', args)
  ackInteraction: Bot['ackInteraction'] = (...args) => this.#call('ackInteraction', args)
  poke: Bot['poke'] = (...args) => this.#call('poke', args)

  async #call<T>(method: string, args: readonly unknown[]): Promise<T> {
    // An account answers a method as its type says.
    return (await this.#outbox.call({ bot: this.key, path: [method], args })) as T
  }

  #remoteApi(path: readonly string[]): unknown {
    return new Proxy(() => undefined, {
      get: (_, name) =>
        typeof name === 'string' && name !== 'then' ? this.#remoteApi([...path, name]) : undefined,
      apply: (_, __, args: readonly unknown[]) => this.#outbox.call({ bot: this.key, path, args }),
    })
  }
}
