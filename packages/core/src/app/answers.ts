import type { Composer } from '../compose/composer.ts'
import type { Incoming } from '../event/incoming.ts'
import type { Texts } from '../i18n/texts.ts'
import type { Scope } from '../lifecycle/scope.ts'
import type { Content } from '../message/element.ts'
import { isSilent } from '../message/silent.ts'
import type { Answer, MessageIncoming } from '../middleware/middleware.ts'
import type { MiddlewareChain } from '../middleware/middleware-chain.ts'
import type { ChatEvent, ChatEvents } from '../model/event.ts'
import type { Receipt } from '../model/receipt.ts'
import { sendReply } from '../session/session.ts'

/** What {@link Answers} work with. */
export interface AnswerParts {
  readonly middleware: MiddlewareChain
  readonly composer: Composer
  readonly texts: Texts
  /** Answers in whose name nobody else can. */
  readonly root: Scope
  /** How people call a command; `undefined` for one that there is no more. */
  readonly usageOf: (command: string) => string | undefined
  /** The end of the middlewares. */
  readonly runCommand: (message: MessageIncoming) => Answer | Promise<Answer>
}

/** Asks the middlewares and commands what to answer a message, and sends that. */
export class Answers {
  readonly #parts: AnswerParts

  constructor(parts: AnswerParts) {
    this.#parts = parts
  }

  /** Nothing where nothing has to be waited for. */
  answer(incoming: Incoming): undefined | Promise<void> {
    const { event } = incoming
    if (!isMessage(event)) return undefined
    const { middleware, runCommand } = this.#parts
    const answer = middleware.run({ incoming, event }, runCommand)
    const isNothing = !(answer instanceof Promise) && isSilent(answer)
    return isNothing ? undefined : this.#reply(incoming, event.channel.id, answer)
  }

  /** Tells somebody that the answer to a question is not awaited any more. */
  async lost(incoming: Incoming, command: string | undefined): Promise<void> {
    const { event } = incoming
    const { root, texts, usageOf } = this.#parts
    if (event.channel === undefined) return
    const usage = command === undefined ? undefined : usageOf(command)
    const text =
      usage === undefined
        ? texts.translateFor(event, 'prompt.lost')
        : texts.translateFor(event, 'prompt.lost-command', { usage })
    incoming.outcome.taken(text, root.name)
    await sendReply(incoming, root, event.channel.id, text)
  }

  /** Shows it to those who only look on; nothing where nothing has to be waited for. */
  observe(incoming: Incoming): Promise<unknown> | undefined {
    const { event } = incoming
    return isMessage(event) ? this.#parts.middleware.observe(incoming, event) : undefined
  }

  async #reply(incoming: Incoming, channelId: string, coming: Answer | Promise<Answer>): Promise<void> {
    const answer = coming instanceof Promise ? await coming : coming
    if (isSilent(answer)) return
    const { composer, texts, root } = this.#parts
    const sender = incoming.doerScope ?? root
    const reply = (content: Content): Promise<Receipt> => sendReply(incoming, sender, channelId, content)
    const receipt = await reply(answer ?? '')
    composer.ignored(receipt)
    if (receipt.status !== 'failed' || receipt.error.code !== 'SEND_TOO_LONG') return
    composer.ignored(await reply(texts.translateFor(incoming.event, 'command.too-much')))
  }
}

function isMessage(event: ChatEvent): event is ChatEvents['message-created'] {
  return event.user !== undefined && event.channel !== undefined && event.message !== undefined
}
