import { type Expected, expectSilence, fits, inWords } from '@mynah/emulator-kit'
import { describeMessage, type QQBotMessage } from '../world/message.ts'
import type { Inbox } from '../world/world.ts'

/** What a message has to be: this very text, text that fits, or anything a function says yes to. */
export type QQExpected = Expected<QQBotMessage>

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
   * @param timeoutMs - How long to wait. @defaultValue 5000
   * @throws MynahError `TEST_EXPECTATION` when none comes in time.
   */
  expectReply(expected?: QQExpected, timeoutMs?: number): Promise<QQBotMessage> {
    const accepts = (message: QQBotMessage): boolean =>
      this.#sees(message) && fits(message, expected, [message.text])
    return this.#inbox.take(accepts, `${inWords(expected)} from the bot`, timeoutMs)
  }

  /**
   * Waits whether the bot stays silent.
   *
   * @param quietMs - How long to listen. @defaultValue 150
   * @throws MynahError `TEST_EXPECTATION` as soon as it speaks.
   */
  expectSilence(quietMs = 150): Promise<void> {
    return expectSilence(this.#inbox, this.#sees, quietMs, describeMessage)
  }
}
