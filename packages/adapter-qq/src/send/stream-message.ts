import { defined, retry, type RetryPolicy } from '@mynah/adapter-kit'
import { type Clock, MynahError, type Receipt } from '@mynah/core'
import type { MessageApi } from '../api/messages.ts'
import { QQApiError } from '../errors.ts'
import { sleep } from '@mynah/core/adapter'
import type { ReplyClaim } from './reply-windows.ts'
import type { StreamFrame, StreamResult } from '../wire/send.ts'

/** What a {@link streamMessage} needs. */
export interface StreamOptions {
  /** Sends the messages. */
  readonly messages: MessageApi
  /** Whose chat it is shown in. */
  readonly openid: string
  /** The answer it is. */
  readonly claim: ReplyClaim
  /** How the text reads. */
  readonly contentType: 'text' | 'markdown'
  /** Time as the bot sees it. */
  readonly clock: Clock
  /** Aborts what is under way. */
  readonly signal: AbortSignal
  /** Sends what the stream could not carry as a message of its own. */
  readonly sendRest: (text: string) => Promise<Receipt>
}

/** Frames come no closer together, in ms. */
const frameApartMs = 500
const lastFrameApartMs = 300
const slowDownMs = 1500
const maxTries = 4

const states = { more: 1, last: 10 } as const
/** 50001 a fault, 50002 too fast: the frame may come again. */
const repeatable = new Set([50001, 50002])
/** What was shown is no beginning of what is to be shown. */
const prefixRefused = 40007

/**
 * Shows a text while it is being made, in a one-to-one chat (official docs: "Streaming messages"). The stream
 * is always closed, also when its source fails; what does not fit into it follows as a message.
 */
export async function streamMessage(source: AsyncIterable<string>, options: StreamOptions): Promise<Receipt> {
  const stream = new FrameStream(options)
  try {
    for await (const chunk of source) await stream.write(chunk)
  } catch (error) {
    await stream.close()
    throw error
  }
  return stream.close()
}

class FrameStream {
  readonly #options: StreamOptions
  #pending = ''
  #index = 0
  #id: string | undefined
  #sentAt = Number.NEGATIVE_INFINITY
  #room = Infinity
  /** What the platform would not take into the stream. */
  #rest = ''

  constructor(options: StreamOptions) {
    this.#options = options
  }

  async write(chunk: string): Promise<void> {
    this.#pending += chunk
    if (this.#room > 0 && this.#options.clock.monotonic() - this.#sentAt >= frameApartMs)
      await this.#flush(states.more)
  }

  async close(): Promise<Receipt> {
    if (this.#index > 0 || this.#pending !== '') await this.#flush(states.last)
    const messageIds = this.#id === undefined ? [] : [this.#id]
    if (this.#rest === '') return { status: 'delivered', messageIds }
    const receipt = await this.#options.sendRest(this.#rest)
    return { ...receipt, messageIds: [...messageIds, ...receipt.messageIds] }
  }

  async #flush(state: StreamFrame['input_state']): Promise<void> {
    const text = this.#take()
    if (text === '' && state === states.more) return
    const waitMs = this.#sentAt + lastFrameApartMs - this.#options.clock.monotonic()
    if (waitMs > 0) await sleep(this.#options.clock, waitMs, this.#options.signal)
    try {
      await this.#send(text, state)
    } catch (error) {
      if (!(error instanceof QQApiError) || error.platformCode !== prefixRefused) throw error
      this.#rest += text
      this.#room = 0
    }
  }

  /** What fits of what is to be shown; the rest goes another way. */
  #take(): string {
    const text = this.#pending.slice(0, this.#room)
    this.#rest += this.#pending.slice(text.length)
    this.#pending = ''
    return text
  }

  async #send(text: string, state: StreamFrame['input_state']): Promise<void> {
    const { messages, openid, claim, contentType, clock, signal } = this.#options
    const frame: StreamFrame = {
      input_mode: 'append',
      input_state: state,
      index: this.#index,
      content_type: contentType,
      content_raw: text,
      ...claim.passive,
      ...defined({ msg_seq: claim.msgSeq, stream_msg_id: this.#id }),
    }
    const isRepeatable = (error: unknown): boolean =>
      error instanceof QQApiError && repeatable.has(error.platformCode ?? 0)
    const policy: RetryPolicy = {
      decide: (error) => ({ repeat: isRepeatable(error), afterMs: slowDownMs }),
      maxAttempts: maxTries,
      signal,
      clock,
    }
    this.#sent(await retry(policy, () => messages.sendFrame(openid, frame)))
  }

  #sent({ id, remain_msg_len: room }: StreamResult): void {
    this.#index += 1
    this.#sentAt = this.#options.clock.monotonic()
    if (room !== undefined) this.#room = Math.max(0, room)
    if (this.#id !== undefined) return
    if (id === undefined)
      throw new MynahError('API_INVALID_RESPONSE', 'The first frame of a stream got no id.')
    this.#id = id
  }
}
