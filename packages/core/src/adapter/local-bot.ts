import type { Bot, BotFeature, BotMethods, Intake, PlatformApis } from '../bot/bot.ts'
import { type Acceptance, type OutgoingMessage, type Settlement, taken } from '../bot/hatches.ts'
import { failedReceipt, type Receipt, type ReplyBudget, type SettledReceipt } from '../model/receipt.ts'
import type { EditOptions, SendOptions } from '../bot/send-options.ts'
import { MynahError } from '../errors/mynah-error.ts'
import { thrownError } from '../errors/thrown.ts'
import type { Dispose } from '../lifecycle/scope.ts'
import type { Content, Element } from '../message/element.ts'
import type { MessageSupport } from '../message/support.ts'
import type { ChatEvent } from '../model/event.ts'
import type { LoginStatus, User } from '../model/resources.ts'
import { hasBrand } from '../shared/brand.ts'
import type { KeyValueStore } from '../storage/key-value-store.ts'
import { deferred, type Deferred } from '../shared/deferred.ts'
import type { BotHost } from './bot-host.ts'

const brand = Symbol.for('mynah.bot')

const refused = Promise.resolve('refused' as const)

const nothing = (): void => {}

/** Methods that a platform may lack. */
const optionalMethods = [
  'getMessage',
  'listMessages',
  'updateMessage',
  'deleteMessage',
  'pinMessage',
  'unpinMessage',
  'createReaction',
  'deleteReaction',
  'createDirectChannel',
  'getChannel',
  'listChannels',
  'createChannel',
  'updateChannel',
  'deleteChannel',
  'getGuild',
  'listGuilds',
  'leaveGuild',
  'muteGuild',
  'getMember',
  'listMembers',
  'kickMember',
  'muteMember',
  'setMemberNick',
  'setMemberRole',
  'grantRole',
  'revokeRole',
  'listRoles',
  'createRole',
  'updateRole',
  'deleteRole',
  'getUser',
  'listFriends',
  'deleteFriend',
  'answerRequest',
  'ackInteraction',
  'poke',
] as const satisfies readonly BotFeature[]

interface Defaults extends BotMethods {
  replyBudget(event: ChatEvent): Promise<ReplyBudget | undefined>
}

/** An account of which an adapter has overridden nothing yet: its methods reject, and nobody counts answers. */
const OptionalMethods: abstract new () => Defaults = refusing(optionalMethods)

function refusing<K extends BotFeature>(
  names: readonly K[],
): abstract new () => Pick<Defaults, K | 'replyBudget'> {
  const uncounted: unknown = class {
    replyBudget(_event: ChatEvent): Promise<ReplyBudget | undefined> {
      return Promise.resolve(undefined)
    }
  }
  // It is given each of them here.
  const Refusing = uncounted as abstract new () => Pick<Defaults, K | 'replyBudget'>
  for (const name of names) {
    const value = function refuse(this: Bot): Promise<never> {
      return unsupported(this, name)
    }
    Object.defineProperty(Refusing.prototype, name, { value, configurable: true, writable: true })
  }
  return Refusing
}

function unsupported({ platform }: Bot, method: BotFeature): Promise<never> {
  return Promise.reject(
    new MynahError('UNSUPPORTED', `${platform} has no ${method}; look for it in bot.features first.`),
  )
}

/**
 * The account as its adapter holds it: it connects, hands in what happens, and puts messages on the wire. Plugins
 * see it as a {@link Bot}. Whatever optional method an adapter overrides, the account has.
 */
export abstract class LocalBot extends OptionalMethods implements Bot {
  abstract readonly platform: string
  abstract readonly selfId: string
  abstract readonly support: MessageSupport
  readonly isBesideLog: boolean = false
  user: User | undefined
  /** The platform's own API, of the type that the adapter gives to `PlatformApis`. */
  readonly platformApi: unknown = undefined
  #status: LoginStatus = 'connecting'
  #lastEventAt: number | undefined
  #refused = 0
  #host: BotHost | undefined
  /** Those who wait until the handlers of an event are done, by event. */
  readonly #handling = new Map<string, Deferred>()
  #isTold = false
  #key = ''
  /** The account that {@link key} was made of. */
  #keyOf: string | undefined
  /** A signal for those who wait as long as it takes. */
  readonly #never: AbortSignal = new AbortController().signal

  constructor() {
    super()
    Object.defineProperty(this, brand, { value: true })
  }

  /** Recognises bots of any copy of this package. */
  static is(value: unknown): value is LocalBot {
    return hasBrand(value, brand)
  }

  get key(): string {
    const { platform, selfId } = this
    // Asked for several times for each message, and always the same text: a map need not read it to find it.
    if (selfId !== this.#keyOf) {
      this.#keyOf = selfId
      this.#key = `${platform}:${selfId}`
    }
    return this.#key
  }

  get status(): LoginStatus {
    return this.#status
  }

  get intake(): Intake {
    return { lastEventAt: this.#lastEventAt, refused: this.#refused }
  }

  /**
   * Where an adapter keeps what has to outlive the process, under keys that name its platform and account; `undefined`
   * while nobody keeps any.
   */
  get keys(): KeyValueStore | undefined {
    return this.#host?.keys
  }

  get features(): readonly BotFeature[] {
    return optionalMethods.filter((name) => this.supports(name))
  }

  /** Those of {@link features} that work in a place: all of them, where an adapter knows no difference. */
  featuresIn(_channelId: string): Promise<readonly BotFeature[]> {
    return Promise.resolve(this.features)
  }

  /** Whether an optional method is there; adapters narrow it where an implementation lacks one. */
  protected supports(feature: BotFeature): boolean {
    if (feature === 'updateMessage') return this.edit !== LocalBot.prototype.edit
    return this[feature] !== LocalBot.prototype[feature]
  }

  /** Called by the app when the bot is added. */
  attach(host: BotHost): void {
    this.#host = host
    this.#isTold = false
  }

  /**
   * Called by the adapter: an event came in. Whoever can pause awaits it before more is read, as it takes as long as
   * the app is full. Never rejects.
   *
   * @param signal - Ends the wait.
   * @returns `refused` when the app does not take it: it stops, or `signal` aborted. That is counted and told.
   */
  emit(event: ChatEvent, signal: AbortSignal = this.#never): Promise<Acceptance | 'refused'> {
    const host = this.#host
    if (host === undefined) return refused
    const accepted = host.inbox.accept(event, signal)
    return accepted === taken ? this.#noteTaken(host) : this.#whenAccepted(host, accepted)
  }

  #noteTaken(host: BotHost): typeof taken {
    this.#lastEventAt = host.now()
    this.#refused = 0
    return taken
  }

  async #whenAccepted(host: BotHost, accepted: Promise<Acceptance>): Promise<Acceptance | 'refused'> {
    try {
      const acceptance = await accepted
      if (acceptance === 'taken') void this.#noteTaken(host)
      return acceptance
    } catch (error) {
      this.refused(thrownError(error).message)
      return 'refused'
    }
  }

  /** Called by the adapter: as {@link emit}, but resolves when all handlers are done, or the event is not taken. */
  handle(event: ChatEvent, signal?: AbortSignal): Promise<void> {
    if (!this.#isTold) this.onSettled((settlement) => this.#ended(settlement))
    this.#isTold = true
    const earlier = this.#handling.get(event.id)
    const done = earlier ?? deferred()
    if (earlier === undefined) this.#handling.set(event.id, done)
    const accepted = this.emit(event, signal)
    if (accepted === taken || earlier !== undefined) return done.promise
    return this.#whenHandled(event, accepted, done)
  }

  async #whenHandled(
    { id }: ChatEvent,
    accepted: Promise<Acceptance | 'refused'>,
    { promise }: Deferred,
  ): Promise<void> {
    if ((await accepted) === 'taken') await promise
    else this.#handling.delete(id)
  }

  #ended({ eventId, outcome }: Settlement): void {
    if (outcome === 'waiting') return
    this.#handling.get(eventId)?.resolve()
    this.#handling.delete(eventId)
  }

  /** Tells how each event of this bot ends. @returns Stops telling. */
  onSettled(listener: (settlement: Settlement) => void): Dispose {
    const stop = this.#host?.inbox.onSettled((settlement) => {
      if (settlement.bot === this.key) listener(settlement)
    })
    return stop ?? nothing
  }

  /**
   * Called by the adapter: the platform has looked at a message whose receipt was pending.
   *
   * @param auditId - That of the receipt.
   */
  async settled(auditId: string, receipt: SettledReceipt): Promise<void> {
    const { platform, selfId } = this
    await this.emit({
      id: `settled:${auditId}`,
      type: 'message-settled',
      platformType: `${platform}/message-settled`,
      platform,
      selfId,
      time: this.#host?.now() ?? 0,
      settled: { auditId, receipt },
      raw: undefined,
    })
  }

  /**
   * Called by whoever has to refuse events: they are counted, and an operator is told.
   *
   * @param reason - Why, in words for an operator; one of few.
   */
  refused(reason: string, count = 1): void {
    this.#refused += count
    this.#host?.eventsRefused(this, reason, count)
  }

  /** Called by the adapter: the connection changed. */
  setStatus(status: LoginStatus): void {
    if (this.#status === status) return
    this.#status = status
    this.#host?.statusChanged(this)
  }

  /** Ends connections and timers. Called when the bot is removed. */
  abstract stop(): Promise<void>

  sendMessage(channelId: string, content: Content, options?: SendOptions): Promise<Receipt> {
    if (this.#host !== undefined) return this.#host.send(this, channelId, content, options)
    return Promise.resolve(failedReceipt(new MynahError('BOT_OFFLINE', `${this.key} is not part of an app.`)))
  }

  api<K extends keyof PlatformApis>(platform: K): PlatformApis[K] {
    // An adapter says the type of its API where it augments `PlatformApis`.
    if (platform === this.platform && this.platformApi !== undefined)
      return this.platformApi as PlatformApis[K]
    throw new MynahError(
      'UNSUPPORTED',
      `${this.key} is no account of ${String(platform)}; look at bot.platform first.`,
    )
  }

  /**
   * Puts one message on the wire: a new one, or one that goes with the answer to a request. Its elements are those that
   * {@link support} allows.
   *
   * @param signal - Aborts when nobody wants the message any more.
   * @throws MynahError with `retriable` set only where trying again cannot send the message twice.
   */
  abstract deliver(message: OutgoingMessage, signal?: AbortSignal): Promise<Receipt>

  /**
   * Puts other content in the place of `message.messageId`.
   *
   * @throws MynahError as {@link deliver} does; `SEND_TOO_LONG` for what would be several messages.
   */
  edit(_message: OutgoingMessage): Promise<Receipt> {
    return unsupported(this, 'updateMessage')
  }

  /** The last word on how a message is cut into parts, for platforms that count answers. */
  prepare(parts: Element[][], _message: OutgoingMessage): Element[][] | Promise<Element[][]> {
    return parts
  }

  override updateMessage(
    channelId: string,
    messageId: string,
    content: Content,
    options?: EditOptions,
  ): Promise<void> {
    if (this.#host === undefined || !this.supports('updateMessage')) return unsupported(this, 'updateMessage')
    return this.#host.edit(this, channelId, messageId, content, options)
  }
}
