import { setTimeout as pause } from 'node:timers/promises'

import {
  App,
  type AppOptions,
  type BotFeature,
  type ChatEvent,
  type ChatEventName,
  type ChatEvents,
  createLogger,
  definePlugin,
  type Element,
  type LoginStatus,
  type Message,
  MynahError,
  plainText,
  type PluginInstance,
  type Receipt,
  type Session,
} from '@mynah/core'
import type { LocalBot } from '@mynah/core/adapter'
import { localBotOf, Mailbox } from '@mynah/core/testing'

import { assert, checkEvent } from './check-event.ts'
import type { CallScene, ContractChat, ContractStage } from './stage.ts'

/** How long the suite waits for something to happen, in ms. */
const patienceMs = 15_000

/** An app with the adapter on its platform, for one case. */
export class Scene {
  readonly stage: ContractStage
  readonly app: App
  readonly adapter: PluginInstance
  /** Events that reached plugins and were not taken yet. */
  readonly events: Mailbox<ChatEvent> = new Mailbox((event) => JSON.stringify({ ...event, raw: undefined }))
  /** How the bot was addressed by each message, and what was said besides. */
  readonly addresses: WeakMap<ChatEvent, Pick<Session, 'addressed' | 'said'>> = new WeakMap()
  /** Every status the account has had, oldest first. */
  readonly statuses: LoginStatus[] = []
  /** Element types of each message, as they were handed to the adapter. */
  readonly handedOver: ReadonlySet<string>[] = []
  /** Events that were refused, as the app was told. */
  refused = 0
  readonly #log: string[]
  #features: readonly BotFeature[] = []
  #words = 0

  private constructor(stage: ContractStage, app: App, adapter: PluginInstance, log: string[]) {
    this.stage = stage
    this.app = app
    this.adapter = adapter
    this.#log = log
  }

  /** Starts an app against a platform; the account is online when it resolves. */
  static async open(stage: ContractStage, options: AppOptions = {}): Promise<Scene> {
    const log: string[] = []
    const stream = { write: (line: string) => log.push(line) }
    const app = new App({ ...options, graceMs: 500, logger: createLogger({ level: 'info', stream }) })
    const scene = new Scene(stage, app, stage.plug(app), log)
    app.on('events-refused', ({ count }) => {
      scene.refused += count
    })
    app.on('bot-status', ({ bot }) => scene.statuses.push(bot.status))
    app.plugin(scene.#witness())
    await app.start()
    await scene.online()
    return scene
  }

  #witness(): ReturnType<typeof definePlugin> {
    const { events, addresses } = this
    return definePlugin({
      name: 'witness',
      setup(ctx) {
        ctx.on('event', ({ event, addressed, said }) => {
          addresses.set(event, { addressed, said })
          events.push(event)
        })
        ctx.command('contract-ping').action(() => 'contract-pong')
        ctx.command('contract-look <picture:image>').action(() => 'contract-seen')
      },
    })
  }

  /** The account. @throws MynahError `TEST_EXPECTATION` while there is none. */
  get bot(): LocalBot {
    for (const bot of this.app.bots) {
      const account = localBotOf(bot)
      if (account !== undefined) return account
    }
    throw new MynahError('TEST_EXPECTATION', `The adapter has added no bot.${this.#story()}`)
  }

  /** Waits until the account is there and connected. */
  async online(): Promise<void> {
    await this.until(() => this.app.bots.size > 0, 'the adapter adds a bot')
    const { bot } = this
    this.#observe(bot)
    await this.until(() => bot.status === 'online', 'the account is online')
  }

  #observe(bot: LocalBot): void {
    const { handedOver } = this
    const prepare = bot.prepare.bind(bot)
    bot.prepare = (parts, message) => {
      handedOver.push(new Set(parts.flat().flatMap(typesIn)))
      return prepare(parts, message)
    }
  }

  /**
   * Waits until something is so.
   *
   * @param what - What is waited for.
   * @param found - What is so instead.
   * @throws MynahError `TEST_EXPECTATION` that says both.
   */
  async until(
    check: () => Promise<boolean> | boolean,
    what: string,
    found: () => string = () => 'it was not',
  ): Promise<void> {
    const end = performance.now() + patienceMs
    while (!(await check())) {
      if (performance.now() > end) this.fail(`Waited ${patienceMs} ms until ${what}; ${found()}`)
      await pause(5)
    }
  }

  /** @throws MynahError `TEST_EXPECTATION` with the newest lines of the log. */
  fail(why: string): never {
    throw new MynahError('TEST_EXPECTATION', `${why}.${this.#story()}`)
  }

  /**
   * Takes the next event of a type that was not taken yet, and checks it.
   *
   * @throws MynahError `TEST_EXPECTATION` when none comes, or it lacks what its type promises.
   */
  async event<K extends ChatEventName>(
    type: K,
    accepts: (event: ChatEvent) => boolean = () => true,
  ): Promise<ChatEvents[K]> {
    const event = await this.events.take(
      (candidate) => candidate.type === type && accepts(candidate),
      `an event ${type}`,
      patienceMs,
    )
    return checkEvent(this.bot, event, type)
  }

  /** A person says words that nobody said before. @returns The event that tells of them. */
  async hear(chat: ContractChat): Promise<ChatEvents['message-created']> {
    this.#words += 1
    const words = `words ${this.#words}`
    await chat.say(words)
    return this.event('message-created', ({ message }) => plainText(message?.content ?? []).includes(words))
  }

  /** Makes sure how a message addresses the bot, and what it says besides. */
  expectAddress(event: ChatEvent, addressed: Session['addressed'], words: string): void {
    const { addressed: found, said = [] } = this.addresses.get(event) ?? {}
    assert(found === addressed, `session.addressed is ${found} instead of ${addressed}`)
    const isWords = said.every(({ type }) => type === 'text') && plainText(said).trim() === words
    assert(isWords, `session.said is ${JSON.stringify(said)} instead of the words`)
  }

  /** Answers what a person says in the group. @throws MynahError `TEST_EXPECTATION` unless that is delivered. */
  async answer(
    content: Parameters<LocalBot['sendMessage']>[1],
    chat: ContractChat = this.stage.group,
  ): Promise<string> {
    const event = await this.hear(chat)
    const receipt = await this.bot.sendMessage(event.channel.id, content, { event })
    return delivered(receipt)
  }

  /** A message of the bot in the group, to do something with. */
  async callScene(): Promise<CallScene> {
    const event = await this.hear(this.stage.group)
    const receipt = await this.bot.sendMessage(event.channel.id, 'to be acted upon', { event })
    this.#features = await this.bot.featuresIn(event.channel.id)
    return { bot: this.bot, channelId: event.channel.id, messageId: delivered(receipt) }
  }

  /** Whether the account has a method in the place of the {@link callScene}, as it says itself. */
  has(feature: BotFeature): boolean {
    return this.#features.includes(feature)
  }

  /** A message as the platform gives it again; `undefined` where the account cannot ask for one. */
  async readAgain(channelId: string, messageId: string): Promise<Message | undefined> {
    const features = await this.bot.featuresIn(channelId)
    return features.includes('getMessage') ? this.bot.getMessage(channelId, messageId) : undefined
  }

  /** What the app logged, for a failure. */
  #story(): string {
    const lines = this.#log.slice(-10).map((line) => `\n  ${line.trim()}`)
    return lines.length === 0 ? '' : `\nThe log:${lines.join('')}`
  }

  /** Stops the app. */
  close(): Promise<void> {
    return this.app.stop()
  }
}

/** The id of a message that was sent. @throws MynahError `TEST_EXPECTATION` unless it is delivered. */
export function delivered(receipt: Receipt): string {
  if (receipt.status === 'delivered' && receipt.messageIds.length > 0) return receipt.messageIds.join(' ')
  throw new MynahError(
    'TEST_EXPECTATION',
    `Expected a receipt "delivered" with an id, but it is ${describeReceipt(receipt)}.`,
  )
}

/** How a receipt reads in a failure. */
export function describeReceipt(receipt: Receipt): string {
  const { status, messageIds } = receipt
  const why = receipt.status === 'failed' ? `, ${receipt.error.code}: ${receipt.error.message}` : ''
  return `"${status}" with ${messageIds.length} ids${why}`
}

function typesIn({ type, children }: Element): string[] {
  return [type, ...children.flatMap(typesIn)]
}
