import type { Bot } from '../bot/bot.ts'
import type { DurableOptions } from '../bot/send-options.ts'
import { failedReceipt, type Receipt, type ReplyBudget } from '../model/receipt.ts'
import { MynahError } from '../errors/mynah-error.ts'
import type { Scope } from '../lifecycle/scope.ts'
import { type Content, type Element, element } from '../message/element.ts'
import { withoutMentionsBehind } from '../message/trim.ts'
import type { ChatEvent } from '../model/event.ts'
import type { AddressedBy } from '../event/address.ts'
import type { Incoming } from '../event/incoming.ts'
import type { Outcome } from '../event/outcome.ts'
import type { LocaleOwner } from '../i18n/locale-table.ts'
import {
  ask,
  type AskOptions,
  type Choices,
  type NumberRange,
  type PromptOptions,
  type Question,
  type Validate,
} from '../prompt/questions.ts'
import type { Form } from '../prompt/form.ts'
import { PromptSession } from '../prompt/prompt-session.ts'

/** How a reply is sent. */
export interface ReplyOptions extends DurableOptions {
  /** Show the message that is answered. @defaultValue false */
  readonly quote?: boolean
  /**
   * Takes the answer along with that to the platform's own request, where the event came with one that is still open.
   * @defaultValue false
   */
  readonly quick?: boolean
}

const noContent: readonly Element[] = []

/** Reads a field with the type that this very event has for it. */
function part<E extends ChatEvent, K extends keyof E>(event: E, key: K): E[K] {
  return event[key]
}

/** Sends what one plugin answers to an event. Never rejects. */
export function sendReply(
  { bot, trace, latest: event }: Pick<Incoming, 'bot' | 'trace' | 'latest'>,
  sender: Scope,
  channelId: string,
  content: Content,
  { quick, durable, expiresIn, onDoubt, key }: ReplyOptions = {},
): Promise<Receipt> {
  const options = { event, quick, trace, sender, durable, expiresIn, onDoubt, key }
  return bot.sendMessage(channelId, content, options)
}

/**
 * One event being handled by one plugin: what happened, the bot that saw it, and the ways to answer.
 * `E` tells which parts are there for certain.
 */
export class Session<E extends ChatEvent = ChatEvent> {
  /** As the adapter made it. */
  readonly event: E
  /** The account that saw it. */
  readonly bot: Bot
  readonly #incoming: Incoming
  readonly #scope: Scope
  readonly #command: string | undefined

  /** @param command - Which command of the plugin handles it. */
  constructor(incoming: Incoming, scope: Scope, event: E, command?: string) {
    this.#incoming = incoming
    this.#scope = scope
    this.#command = command
    this.event = event
    this.bot = incoming.bot
  }

  /** Name of the event, `message-created` or a platform's own such as `onebot/notice`. */
  get type(): string {
    return this.event.type
  }
  /** Name of the platform, such as `onebot`. */
  get platform(): string {
    return this.event.platform
  }
  /** The platform's id of the account that saw it. */
  get selfId(): string {
    return this.event.selfId
  }
  /** Whom it is about: who wrote, joined, reacted. */
  get user(): E['user'] {
    return part(this.event, 'user')
  }
  /** The same person as a member of the guild, with nickname and roles. */
  get member(): E['member'] {
    return part(this.event, 'member')
  }
  /** Where it happened; absent outside of guilds. */
  get guild(): E['guild'] {
    return part(this.event, 'guild')
  }
  /** Where it happened; absent when it is about a guild or a person. */
  get channel(): E['channel'] {
    return part(this.event, 'channel')
  }
  /** The message it is about; absent when there is none. */
  get message(): E['message'] {
    return part(this.event, 'message')
  }
  /** Who did it, where that is not `user`. */
  get operator(): E['operator'] {
    return part(this.event, 'operator')
  }
  /** The platform's own payload. */
  get raw(): E['raw'] {
    return part(this.event, 'raw')
  }
  /** Ms since 1970. */
  get time(): number {
    return this.event.time
  }
  /** What was said, as elements; empty when nothing was. */
  get content(): readonly Element[] {
    return this.event.message?.content ?? noContent
  }
  /** The words that were said; empty when none were. */
  get text(): string {
    return this.#incoming.text
  }
  /**
   * How the bot was addressed: by a `mention`, by its `name`, by a `prefix`, in a `reply` to a message of the bot, or in
   * a `direct` chat; of several the first in this order. `undefined` when it was not, and for what is no message.
   */
  get addressed(): AddressedBy | undefined {
    return this.event.message === undefined ? undefined : this.#incoming.address.by
  }
  /**
   * What was said to the bot: {@link content} without the mention, the name or the prefix that addressed it, and without
   * the mention that clients add by themselves when somebody replies.
   */
  get said(): readonly Element[] {
    return withoutMentionsBehind(this.#incoming.address.written, this.selfId)
  }
  /** The language in which the person is answered, such as `zh-CN`. */
  get locale(): string {
    return this.#incoming.host.texts.locales.of(this.event)
  }
  /** Whether it happened in a one-to-one chat. */
  get isDirect(): boolean {
    return this.event.channel?.type === 'direct'
  }
  /** Aborts when the plugin stops or the handler runs past its deadline. */
  get signal(): AbortSignal {
    return AbortSignal.any([this.#scope.signal, this.#incoming.signal])
  }

  /**
   * Chooses the language in which the person is answered from now on, on this platform; or everybody in the guild or
   * the channel who has chosen none. It is kept where `@mynah/database` is installed.
   *
   * @param locale - A language such as `zh-CN`; `undefined` takes the choice back.
   * @param whose - For whom. @defaultValue 'user'
   * @returns Resolves when it is stored; it counts at once.
   * @throws MynahError `LOCALE_INVALID` for what is no language, and where the event has no such person or place.
   */
  setLocale(locale: string | undefined, whose: LocaleOwner = 'user'): Promise<void> {
    return this.#incoming.host.texts.locales.choose(this.event, whose, locale)
  }

  /**
   * What people see of {@link user}: the name in the guild, else the name, else the id. Where the event does not tell a
   * name, the platform is asked, and the answer is kept for a while. Never rejects; empty when there is no user.
   */
  displayName(): Promise<string> {
    return this.#incoming.host.names.of(this.event, this.bot)
  }

  /**
   * What became of the message so far, and by whom: after `await next()` what those behind made of it, in an observer
   * what came of it in the end. Whether an answer got out, only the receipt of the one who sent it tells.
   */
  get outcome(): Outcome {
    return this.#incoming.outcome.now
  }

  /** What may still be said about this event; `undefined` on platforms that do not count answers. */
  replyBudget(): Promise<ReplyBudget | undefined> {
    return this.bot.replyBudget(this.#incoming.latest ?? this.event)
  }

  /**
   * Answers where the event happened. Never rejects; look at the receipt when it matters whether the
   * message got out.
   */
  reply(content: Content, options: ReplyOptions = {}): Promise<Receipt> {
    const channelId = this.event.channel?.id
    if (channelId !== undefined) {
      this.#incoming.outcome.said(this.#scope.name, this.#command)
      return sendReply(this.#incoming, this.#scope, channelId, this.#withQuote(content, options), options)
    }
    const error = new MynahError(
      'SEND_FAILED',
      `${this.event.type} does not belong to a channel; use bot.sendMessage.`,
    )
    this.#scope.fail(error, `replying to ${this.event.type}`)
    return Promise.resolve(failedReceipt(error))
  }

  #withQuote(content: Content, { quote = false }: ReplyOptions): Content {
    const id = this.event.message?.id
    return quote && id !== undefined ? [element('quote', { id }), content] : content
  }

  /**
   * Asks and waits for the next message of the same person in the same place. That message runs no command.
   * When several plugins ask the same person, the later ones wait for their turn.
   *
   * @returns What was said, or what `validate` made of it.
   * @throws MynahError `PROMPT_TIMEOUT`, `PROMPT_CANCELLED`, or `PLUGIN_STOPPED`; or why the question could not
   * be sent. The other questions below throw the same. A command that lets them pass tells the person what
   * happened, and nothing is logged as an error.
   * @throws UserError of `validate` when no retries are left.
   */
  prompt<T>(question: Content, options: PromptOptions<T> & { validate: Validate<T> }): Promise<T>
  prompt(question: Content, options?: AskOptions & { validate?: undefined }): Promise<string>
  prompt<T>(
    question: Content,
    options: AskOptions & { validate?: Validate<T> | undefined } = {},
  ): Promise<T | string> {
    const { validate } = options
    if (validate === undefined) return this.#ask(ask.text(question, { ...options, validate }), options)
    return this.#ask(ask.text(question, { ...options, validate }), options)
  }

  /** Asks for a number within limits. Throws what {@link prompt} throws. */
  number(question: Content, options: AskOptions & NumberRange = {}): Promise<number> {
    return this.#ask(ask.number(question, options), options)
  }

  /** Asks for a yes or a no. Throws what {@link prompt} throws. */
  confirm(question: Content, options: AskOptions = {}): Promise<boolean> {
    return this.#ask(ask.confirm(question, options), options)
  }

  /**
   * Asks for one of several: by buttons where the platform shows them, by a numbered list elsewhere. Number and
   * label are understood everywhere. Throws what {@link prompt} throws.
   *
   * @example
   * ```ts
   * const size = await session.select('Which size?', ['small', 'big'])
   * const days = await session.select('How long?', [{ label: 'a day', value: 1 }, { label: 'a week', value: 7 }])
   * ```
   * @param choices - Labels, or values with labels; at least one.
   */
  select<const V>(question: Content, choices: Choices<V>, options: AskOptions = {}): Promise<V> {
    return this.#ask(ask.select(question, choices, options), options)
  }

  /**
   * Begins a form that the plugin has declared, and resolves when its first question is out. The answers go to the
   * action of the form, also after a reload or a restart. A person in one place is asked one thing at a time.
   *
   * @example
   * ```ts
   * const register = ctx
   *   .form('register')
   *   .step('name', ask.text('What is your name?'))
   *   .step('age', ask.number('How old are you?', { min: 0, integer: true }))
   *   .action(({ answers }) => `${answers.name}, ${answers.age}`)
   * ctx.command('register [name]').action(({ session, args: [name] }) =>
   *   session.form(register, name === undefined ? {} : { name }),
   * )
   * ```
   * @param known - Answers that are known already; their questions are left out.
   * @throws MynahError `FORM_INVALID` where nobody can be asked, or why the question could not be sent.
   */
  form<A>(form: Form<A>, known: Partial<A> = {}): Promise<void> {
    return form.begin(this.#incoming, known)
  }

  #ask<T>(question: Question<T>, { by = 'user', survivesReload = false }: AskOptions): Promise<T> {
    return PromptSession.hold(
      {
        asker: this,
        incoming: this.#incoming,
        scope: this.#scope,
        command: this.#command,
        by,
        survivesReload,
      },
      (prompts) => prompts.ask(question),
    )
  }

  /** Accepts what a request asks for. @throws MynahError when the platform refuses. */
  approve(comment?: string): Promise<void> {
    return this.bot.answerRequest(this.event, true, comment)
  }

  /** Refuses what a request asks for. @throws MynahError when the platform refuses. */
  reject(reason?: string): Promise<void> {
    return this.bot.answerRequest(this.event, false, reason)
  }

  /** Tells the platform that a pressed button was seen, so that it stops waiting. */
  ack(): Promise<void> {
    return this.bot.ackInteraction(this.event)
  }
}
