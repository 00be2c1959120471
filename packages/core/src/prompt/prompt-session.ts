import { randomUUID } from 'node:crypto'

import type { Bot } from '../bot/bot.ts'
import type { Receipt } from '../model/receipt.ts'
import { MynahError } from '../errors/mynah-error.ts'
import { UserError } from '../errors/user-error.ts'
import type { Translate } from '../i18n/texts.ts'
import type { Dispose, Scope } from '../lifecycle/scope.ts'
import type { Content } from '../message/element.ts'
import type { ChatEvent } from '../model/event.ts'
import type { Incoming, PromptAttempt } from '../event/incoming.ts'
import { acknowledge, type Asking, isCancelled, isOwnPress, layOut, readAnswer } from './asking.ts'
import type { PromptAnswer, Question } from './questions.ts'
import { PromptError } from './prompt-error.ts'
import { buttonMark, type PromptScope } from '../event/prompt-scope.ts'
import { PromptWait } from './prompt-wait.ts'

/** Who asks. */
export interface Asker {
  /** What the question is about. */
  readonly event: ChatEvent
  /** Who asks. */
  readonly bot: Bot
  /** Sends the question. */
  reply(content: Content): Promise<Receipt>
}

/** What a {@link PromptSession} works with. */
export interface PromptParts {
  /** Who asks. */
  readonly asker: Asker
  /** The event whose handler asks. */
  readonly incoming: Incoming
  /** The plugin that asks. */
  readonly scope: Scope
  /** The command that asks; `undefined` where none does. */
  readonly command: string | undefined
  /** Whose message is the answer. */
  readonly by: PromptScope
  /** Goes on when the plugin stops; ends only with the app. */
  readonly survivesReload: boolean
}

/** Questions to one person, one after the other, which nobody else interrupts with questions. */
export class PromptSession implements PromptAttempt {
  readonly #parts: PromptParts
  readonly #turn: PromptWait<void>
  #open: PromptWait<ChatEvent> | undefined
  #buttonPrefix = ''
  #ended: PromptError | undefined

  private constructor(parts: PromptParts) {
    this.#parts = parts
    this.#turn = new PromptWait(parts.incoming)
  }

  /**
   * Waits for the turn, runs `questions`, and leaves nothing behind.
   *
   * @throws MynahError `PLUGIN_STOPPED` when the plugin or the app stops meanwhile.
   */
  static async hold<T>(parts: PromptParts, questions: (session: PromptSession) => Promise<T>): Promise<T> {
    const { incoming, by } = parts
    const session = new PromptSession(parts)
    const forget = parts.survivesReload ? detach(parts.scope) : attach(parts, session)
    const leave = incoming.host.prompts.enter(incoming.event, by, session)
    try {
      await session.#turn.settled()
      return await questions(session)
    } finally {
      leave()
      await forget()
    }
  }

  /** Name of the plugin that asks. */
  get plugin(): string {
    return this.#parts.scope.name
  }

  /** The questions that were asked before are done. */
  begin(): void {
    this.#turn.resolve()
  }

  /** Takes an answer, if it is one. */
  offer(event: ChatEvent): boolean {
    if (this.#open === undefined || this.#open.isSettled) return false
    if (event.type === 'interaction/button' && !isOwnPress(event, this.#asking)) return false
    this.#open.resolve(event)
    return true
  }

  /** The plugin or the app stops. */
  end(): void {
    const { scope } = this.#parts
    this.#ended ??= new PromptError('PLUGIN_STOPPED', `${scope.name} stopped while it waited for an answer.`)
    if (!this.#turn.isSettled) this.#turn.reject(this.#ended)
    if (this.#open?.isSettled === false) this.#open.reject(this.#ended)
  }

  /**
   * Asks until the answer can be used.
   *
   * @throws MynahError `PROMPT_TIMEOUT`, `PROMPT_CANCELLED`, `PLUGIN_STOPPED`, or why the question could not be
   * sent.
   * @throws UserError what was wrong with the last answer.
   */
  async ask<T>(question: Question<T>): Promise<T> {
    const translate = this.#translate
    this.#buttonPrefix = `${buttonMark}${randomUUID()}:`
    let content = layOut(question, this.#asking, translate)
    for (let left = question.options.retries ?? 2; ; left -= 1) {
      const answer = await this.#exchange(content, question)
      try {
        return await question.read(answer, translate)
      } catch (error) {
        if (!UserError.is(error) || left <= 0) throw error
        content = error.message
      }
    }
  }

  get #asking(): Asking {
    const { asker, by } = this.#parts
    return { bot: asker.bot, event: asker.event, by, buttonPrefix: this.#buttonPrefix }
  }

  readonly #translate: Translate = (key, values) => {
    const { event, host } = this.#parts.incoming
    return host.texts.translateFor(event, key, values)
  }

  async #exchange<T>(content: Content, { options }: Question<T>): Promise<PromptAnswer> {
    const { asker, incoming, by, command } = this.#parts
    const { timeoutMs = 60_000 } = options
    if (this.#ended !== undefined) throw this.#ended
    // Open before it is sent: people may be faster than the platform's word that the question is out.
    const open = new PromptWait<ChatEvent>(incoming)
    this.#open = open
    const forget = incoming.host.prompts.note(asker.event, by, command, timeoutMs)
    const event = await this.#send(content, open, timeoutMs).finally(forget)
    incoming.latest = event
    const answer = readAnswer(event, this.#buttonPrefix)
    if (answer.pressed !== undefined) await acknowledge(asker.bot, event, this.#parts.scope)
    if (isCancelled(answer, options.cancelWords, this.#translate)) {
      throw new PromptError('PROMPT_CANCELLED', `The person said "${answer.text}".`)
    }
    return answer
  }

  async #send(content: Content, open: PromptWait<ChatEvent>, timeoutMs: number): Promise<ChatEvent> {
    const receipt = await this.#parts.asker.reply(content)
    if (receipt.status !== 'failed') return open.settled(timeoutMs)
    this.#open = undefined
    throw MynahError.from(receipt.error, 'SEND_FAILED')
  }
}

/** The questions end with the plugin. */
function attach({ scope, incoming }: PromptParts, session: PromptSession): Dispose {
  const end = (): void => session.end()
  const forget = scope.own('prompt', incoming.event.type, end)
  if (scope.signal.aborted) end()
  scope.signal.addEventListener('abort', end, { once: true })
  return () => {
    scope.signal.removeEventListener('abort', end)
    return forget()
  }
}

/** The plugin does not wait for the handler that asks. */
function detach(scope: Scope): Dispose {
  scope.leave()
  return () => scope.enter()
}
