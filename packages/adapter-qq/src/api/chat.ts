import { defined } from '@mynah/adapter-kit'
import { type ChatEvent, MynahError, type Receipt } from '@mynah/core'
import { type Clock, failedReceipt } from '@mynah/core/adapter'
import { referrerOf, targetIn } from '../decode/referrer.ts'
import { channelIdOf, type Target } from '../encode/target.ts'
import { messageTypes } from '../encode/encode.ts'
import { isAnsweredAlready, type ReplyClaim, type ReplyWindows } from '../send/reply-windows.ts'
import { streamMessage } from '../send/stream-message.ts'
import type { MessageApi } from './messages.ts'

/** What one-to-one chats stand on. */
export interface ChatHost {
  /** Knows what can be answered. */
  readonly windows: Pick<ReplyWindows, 'claim' | 'claimSequence'>
  /** Time as the bot sees it. */
  readonly clock: Clock
  /** Aborts when the bot stops. */
  readonly signal: AbortSignal
  /** Sends a text as a message of its own. */
  readonly send: (channelId: string, text: string, event: ChatEvent) => Promise<Receipt>
}

/** What only one-to-one chats have: "is typing", and texts that are shown while they are made. */
export class ChatApi {
  readonly #messages: MessageApi
  readonly #host: ChatHost

  constructor(messages: MessageApi, host: ChatHost) {
    this.#messages = messages
    this.#host = host
  }

  /**
   * Shows that the bot is typing, in the one-to-one chat of an event.
   *
   * @param seconds - At most 60.
   * @throws MynahError `UNSUPPORTED` elsewhere, `REPLY_WINDOW_CLOSED` when the event cannot be answered.
   * @see Official docs: "Sending messages", `input_notify`.
   */
  async sendTyping(event: ChatEvent, seconds = 10): Promise<void> {
    const { target, claim } = this.#claim(event, 'claimSequence')
    try {
      await this.#messages.send(target, {
        msg_type: messageTypes.typing,
        input_notify: { input_type: 1, input_second: Math.min(60, Math.max(1, Math.round(seconds))) },
        ...claim.passive,
        ...defined({ msg_seq: claim.msgSeq }),
      })
    } catch (error) {
      // A run before this one has shown it.
      if (!isAnsweredAlready(claim, error)) throw error
    }
  }

  /**
   * Shows a text while it is being made, as one answer to a one-to-one message. Never rejects.
   *
   * @param options - `contentType` tells how the text reads. @defaultValue markdown
   * @see Official docs: "Streaming messages".
   */
  async stream(
    event: ChatEvent,
    source: AsyncIterable<string>,
    options: { readonly contentType?: 'text' | 'markdown' } = {},
  ): Promise<Receipt> {
    const { contentType = 'markdown' } = options
    const { clock, signal, send } = this.#host
    try {
      const { target, claim } = this.#claim(event, 'claim')
      return await streamMessage(source, {
        messages: this.#messages,
        openid: target.id,
        claim,
        contentType,
        clock,
        signal,
        sendRest: (text) => send(channelIdOf(target), text, event),
      })
    } catch (error) {
      return failedReceipt(error)
    }
  }

  #claim(event: ChatEvent, how: 'claim' | 'claimSequence'): { target: Target; claim: ReplyClaim } {
    const referrer = referrerOf(event)
    const target = referrer === undefined ? undefined : targetIn(referrer)
    if (referrer === undefined || target?.kind !== 'c2c') {
      throw new MynahError('UNSUPPORTED', 'Only one-to-one chats have this.')
    }
    const claim = this.#host.windows[how](target, referrer)
    if (claim === undefined)
      throw new MynahError('REPLY_WINDOW_CLOSED', 'The message cannot be answered any more.')
    return { target, claim }
  }
}
