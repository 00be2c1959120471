import { defined, isRecord, type Passage, readText, retry, type RetryPolicy } from '@mynah/adapter-kit'
import {
  type ChatEvent,
  type Clock,
  type Dispose,
  type Element,
  type Logger,
  type Message,
  type MessageSupport,
  MynahError,
  type Receipt,
  type ReplyBudget,
} from '@mynah/core'
import { type BotHost, type OutgoingMessage } from '@mynah/core/adapter'
import type { AckCode } from './api/interactions.ts'
import { QQApi } from './api/qq-api.ts'
import { guildChannel, ResourceBot } from './api/resource-bot.ts'
import { TokenSource } from './api/token-source.ts'
import type { QQConfig } from './config.ts'
import type { DecodeContext } from './decode/context.ts'
import { decodeUser } from './decode/guild-events.ts'
import { decodeGuildMessage, guildContent } from './decode/guild-messages.ts'
import { referrerOf, targetIn } from './decode/referrer.ts'
import { encode } from './encode/encode.ts'
import { anySupport } from './encode/support.ts'
import { type Target, targetOf } from './encode/target.ts'
import { HttpApi } from './http.ts'
import { Acknowledger, needsAck } from './receive/acknowledger.ts'
import { DefaultChannels } from './receive/default-channels.ts'
import { intentOf } from './receive/intents.ts'
import { Receiver } from './receive/receive.ts'
import { AuditBook } from './send/audit-book.ts'
import { MediaLibrary } from './send/media-library.ts'
import { MessageIndex } from './send/message-index.ts'
import { planMessages } from './send/plan.ts'
import { ReplyManager } from './send/reply-manager.ts'
import { Sender } from './send/sender.ts'
import type { Dispatch } from './wire/envelope.ts'
import type { GuildMessage } from './wire/guild.ts'

/** The connection of a bot: what starts and ends with it. */
export interface BotConnection {
  /** Ends it; leaves no timer and no socket. */
  stop(): Promise<void>
}

/** How a bot is made. */
export interface QQBotOptions {
  /** The config of the bot. */
  readonly config: QQConfig
  /** Time as the bot sees it. */
  readonly clock: Clock
  /** Where an operator reads. */
  readonly logger: Logger
  /** The platform refuses AppID or secret; they are tried again all the same. */
  readonly onRefused?: (reason: string) => void
}

/** How long until it is asked again who the bot is, in ms. */
const introductionsMs = [5000, 10_000, 30_000]
const longestPauseMs = 60_000

/** One bot of the QQ platform: guilds, groups and one-to-one chats. */
export class QQBot extends ResourceBot {
  /** Always `qq`. */
  readonly platform = 'qq'
  /** What any place shows. */
  readonly support: MessageSupport = anySupport
  /** The whole OpenAPI, typed. */
  override readonly platformApi: QQApi
  /** Where logins get their credentials from. */
  readonly credentials: TokenSource
  protected readonly clock: Clock
  readonly #config: QQConfig
  readonly #logger: Logger
  readonly #http: HttpApi
  readonly #replies: ReplyManager
  readonly #audits: AuditBook
  readonly #index = new MessageIndex()
  readonly #sender: Sender
  readonly #receiver: Receiver
  readonly #defaultChannels: DefaultChannels
  readonly #acks: Acknowledger
  readonly #stopping = new AbortController()
  #connection: BotConnection | undefined
  #stopFollowing: Dispose | undefined
  #botId: string | undefined

  constructor({ config, clock, logger, onRefused }: QQBotOptions) {
    super()
    const { appId, secret, endpoints } = config
    const { signal } = this.#stopping
    this.#config = config
    this.#logger = logger
    this.clock = clock
    this.credentials = new TokenSource({
      appId,
      secret,
      url: endpoints.token,
      clock,
      logger,
      onRefused: ({ message }) => onRefused?.(message),
    })
    this.#http = new HttpApi({
      appId,
      baseUrl: endpoints.api,
      credentials: this.credentials,
      clock,
      logger,
    })
    this.#replies = new ReplyManager({ limits: config.replyLimits, isProactive: config.proactive, clock })
    this.#audits = new AuditBook(clock, hearsAudits(config), (auditId, receipt) => {
      void this.settled(auditId, receipt)
    })
    this.platformApi = new QQApi(this.#http, appId, {
      windows: this.#replies.windows,
      clock,
      signal,
      send: (channelId, text, event) => this.sendMessage(channelId, text, { event }),
    })
    const parts = { replies: this.#replies, audits: this.#audits, index: this.#index }
    const { files, messages } = this.platformApi
    const media = new MediaLibrary({ files, clock, signal, chunkThreshold: config.chunkThreshold })
    this.#sender = new Sender({ ...parts, messages, media })
    this.#receiver = new Receiver({ ...parts, logger })
    this.#defaultChannels = new DefaultChannels(this.platformApi.guilds, clock, logger)
    this.#acks = new Acknowledger(this.platformApi.interactions, clock, logger)
  }

  /** The AppID. In guilds the platform knows the bot under another id, see {@link guildUserId}. */
  get selfId(): string {
    return this.#config.appId
  }

  /** The bot's id as a user of guilds, once it is known. */
  get guildUserId(): string | undefined {
    return this.#botId
  }

  /** Ties the life of a connection to that of the bot. */
  use(connection: BotConnection): void {
    this.#connection = connection
  }

  /**
   * Asks who the bot is until the platform tells, where no READY does: mentions of it in guilds are not known
   * before. Never rejects.
   */
  async introduce(): Promise<void> {
    const policy: RetryPolicy = {
      decide: (_, failures) => ({ repeat: true, afterMs: introductionsMs[failures - 1] ?? longestPauseMs }),
      maxAttempts: Infinity,
      signal: this.#stopping.signal,
      clock: this.clock,
      // The client that asks has told an operator why.
      onFailure: (err) =>
        this.#logger.debug(
          { err },
          'Who the bot is could not be asked; mentions of it in guilds are not recognised',
        ),
    }
    try {
      const self = await retry(policy, () => this.platformApi.self.get())
      this.#botId = self.id
      this.user = { ...decodeUser(self), id: this.selfId }
    } catch {
      this.#logger.debug('The bot was stopped')
    }
  }

  /**
   * An event came in, over the gateway or as a push: resolves when it was taken, as long as that takes. An odd one
   * is left out, and harms none behind it.
   *
   * @param signal - Ends the wait.
   * @param passage - How it came, where its source numbers events and sends them again.
   * @throws MynahError `BOT_OFFLINE` when it was not taken.
   */
  async receive(envelope: Dispatch, signal: AbortSignal, passage?: Passage): Promise<void> {
    const read = this.#read(envelope, passage?.isAgain === true)
    if (read === undefined) return
    const completed = this.#defaultChannels.complete(read)
    const event = completed instanceof Promise ? await completed : completed
    passage?.progress.follow(passage.number, event.id)
    const acceptance = await this.emit(event, signal)
    passage?.progress.accepted(passage.number, event.id, acceptance)
    if (acceptance !== 'refused') return
    throw new MynahError('BOT_OFFLINE', 'Nobody takes events any more.')
  }

  #read(envelope: Dispatch, redelivered: boolean): ChatEvent | undefined {
    try {
      if (envelope.t === 'READY') this.#learnSelf(envelope.d)
      const { event, referrer } = this.#receiver.receive(envelope, {
        ...this.#decodeContext(),
        redelivered,
      })
      const id = referrer?.interactionId
      if (id !== undefined && this.#config.autoAck && needsAck(event.raw)) this.#acks.follow(event.id, id)
      return event
    } catch (err) {
      this.refused('an event could not be taken')
      this.#logger.debug({ err, event: envelope.t }, 'Why an event could not be taken')
      return undefined
    }
  }

  override attach(host: BotHost): void {
    super.attach(host)
    this.#stopFollowing = this.onSettled(({ eventId }) => this.#acks.settled(eventId))
  }

  override async stop(): Promise<void> {
    await this.#connection?.stop()
    this.#stopping.abort(new MynahError('BOT_OFFLINE', 'The bot was stopped.'))
    this.credentials.stop()
    await this.#stopFollowing?.()
    this.#acks.stop()
    this.#audits.stop()
    await this.#http.stop()
    this.setStatus('offline')
  }

  /** What can still be said about an event; `undefined` for events that have no place. */
  override async replyBudget(event: ChatEvent): Promise<ReplyBudget | undefined> {
    const referrer = referrerOf(event)
    const target = referrer && targetIn(referrer)
    return target && this.#replies.budget(target, referrer)
  }

  override prepare(parts: Element[][], message: OutgoingMessage): Element[][] {
    const target = targetOf(message.channelId)
    const room = this.#replies.room(target, referrerOf(message.event))
    const isOneText = !message.elements.some(
      ({ type, attrs }) => type === 'message' && attrs['forward'] !== true,
    )
    return planMessages(parts, target.kind, room, isOneText)
  }

  override async deliver(message: OutgoingMessage, signal?: AbortSignal): Promise<Receipt> {
    const { channelId, elements, event } = message
    const target = targetOf(channelId)
    const request = this.#encode(elements, target)
    return this.#sender.send({ key: message, target, request, referrer: referrerOf(event), signal })
  }

  /** Changes Markdown and buttons of a message of the bot; the platform edits nothing else. */
  override async edit({ channelId, messageId = '', elements }: OutgoingMessage): Promise<Receipt> {
    const id = guildChannel(channelId)
    const request = this.#encode(elements, { kind: 'channel', id })
    if (request.kind !== 'guild' || request.body.markdown === undefined) {
      throw new MynahError('UNSUPPORTED', 'Only Markdown messages and buttons can be changed.')
    }
    await this.platformApi.messages.edit(id, messageId, request.body)
    return { status: 'delivered', messageIds: [messageId] }
  }

  /** @param code - What the user is told. @defaultValue 0, done */
  override async ackInteraction(event: ChatEvent, code: AckCode = 0): Promise<void> {
    const id = referrerOf(event)?.interactionId
    if (id === undefined) throw new MynahError('UNSUPPORTED', `${event.platformType} is no interaction.`)
    await this.#acks.acknowledge(id, code)
  }

  protected readMessage(message: GuildMessage): Message {
    return decodeGuildMessage(message, guildContent(message, this.#decodeContext()))
  }

  #encode(elements: readonly Element[], { kind }: Target): ReturnType<typeof encode> {
    const selfIds = { selfId: this.selfId, botId: this.#botId }
    return encode(elements, { kind, selfIds, quoteIndex: (id) => this.#index.get(id) })
  }

  #decodeContext(): DecodeContext {
    return { selfId: this.selfId, botId: this.#botId, receivedAt: this.clock.now() }
  }

  #learnSelf(d: unknown): void {
    const user = isRecord(d) ? d['user'] : undefined
    if (!isRecord(user) || typeof user['id'] !== 'string') return
    this.#botId = user['id']
    this.user = {
      ...this.user,
      id: this.selfId,
      isBot: true,
      ...defined({ name: readText(user['username']) }),
    }
  }
}

/** Webhooks get what the console says, which nobody here knows. */
function hearsAudits({ transport, intents }: QQConfig): boolean {
  const name = intentOf('MESSAGE_AUDIT_PASS')
  return transport === 'webhook' || (name !== undefined && intents.includes(name))
}
