import type { ChatEvent, ChatEventName, ChatEvents, Clock, Message } from '@mynah/core'

import type { EventFields, TestBot } from './test-bot.ts'

/** What people and guilds of a test need of its app. */
export interface TestHost {
  /** Tells the time that messages are stamped with. */
  readonly clock: Pick<Clock, 'now'>
  /** What the bot said, and where. */
  readonly bot: Pick<TestBot, 'inbox' | 'selfId' | 'shown'>
  /** Lets something happen on the platform. Resolves when the bot has nothing more to do. */
  emit<K extends ChatEventName>(type: K, fields: EventFields<ChatEvents[K]>): Promise<void>
  emit(type: string, fields: EventFields<ChatEvent>): Promise<void>
  /**
   * Waits until the bot has nothing more to do but to wait for answers and for the clock.
   *
   * @throws MynahError `TEST_EXPECTATION` after 5 s of real time.
   */
  idle(): Promise<void>
  /** An id that was not used yet: `message-1` and so on, the same in each run. */
  newId(kind: string): string
  /** Keeps what somebody wrote, so that the bot can look it up. */
  write(channelId: string, message: Message): void
  /** What a failed expectation tells: the chat, what went wrong, and what the clock would bring. */
  report(channelId?: string): string
}
