import { MynahError } from '@mynah/core'
import { describeMessage, type QQBotMessage } from '../world/message.ts'
import type { Inbox } from '../world/world.ts'

/** What a message has to be: this very text, text that fits, or anything a function says yes to. */
export type QQExpected = string | RegExp | ((message: QQBotMessage) => boolean)

/** How long an expectation waits. */
export interface QQExpectOptions {
  /** In ms. @defaultValue 5000 */
  timeoutMs?: number
}

/** How long silence has to last before it counts, in ms. */
const silenceMs = 150

function fits(message: QQBotMessage, expected: QQExpected | undefined): boolean {
  if (expected === undefined) return true
  if (typeof expected === 'string') return message.text === expected
  return expected instanceof RegExp ? expected.test(message.text) : expected(message)
}

const inWords = (expected: QQExpected | undefined): string =>
  typeof expected === 'string'
    ? JSON.stringify(expected)
    : expected instanceof RegExp
      ? String(expected)
      : 'a message'

/** One person's view of what the bot says, in one place or in all. */
export class Listener {
  readonly #inbox: Inbox
  readonly #sees: (message: QQBotMessage) => boolean

  constructor(inbox: Inbox, sees: (message: QQBotMessage) => boolean = () => true) {
    this.#inbox = inbox
    this.#sees = sees
  }

  /**
   * Takes the first message that fits.
   *
   * @throws MynahError `TEST_EXPECTATION` when none comes in time.
   */
  expectReply(expected?: QQExpected, { timeoutMs }: QQExpectOptions = {}): Promise<QQBotMessage> {
    const accepts = (message: QQBotMessage): boolean => this.#sees(message) && fits(message, expected)
    return this.#inbox.take(accepts, `${inWords(expected)} from the bot`, timeoutMs)
  }

  /**
   * Waits whether the bot stays silent.
   *
   * @param forMs - How long. @defaultValue 150
   * @throws MynahError `TEST_EXPECTATION` as soon as it speaks.
   */
  async expectSilence(forMs: number = silenceMs): Promise<void> {
    const spoken = await this.#inbox.take(this.#sees, 'silence', forMs).catch((error: unknown) => {
      if (MynahError.is(error)) return undefined
      throw error
    })
    if (spoken !== undefined) {
      throw new MynahError(
        'TEST_EXPECTATION',
        `Expected silence, but the bot sent ${describeMessage(spoken)}`,
      )
    }
  }
}
