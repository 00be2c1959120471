import type { RawEvent, Segment } from '../wire/wire.ts'
import type { Group, StoredMessage } from './entities.ts'
import type { Media } from './media-store.ts'
import type { ForwardNode } from './world.ts'

/** The platform's memory as a test sees it. Changing it sends nothing. */
export interface OneBotWorld {
  /** Unix seconds, by the clock of the emulator. */
  readonly time: number
  /** The groups that the bot is in, by their numbers. */
  readonly groups: ReadonlyMap<number, Group>
  /** What was said. */
  readonly messages: OneBotMessages
  /** Pictures, recordings, videos and files. */
  readonly media: OneBotMedia
  /** Keeps a merged history and gives the segment that stands for it, for anybody to send. */
  forward(nodes: readonly ForwardNode[]): Segment
}

/** All messages; as forgetful as the implementation. */
export interface OneBotMessages {
  /** Gives the message its id and sequence number and keeps it. */
  add(draft: Omit<StoredMessage, 'id' | 'seq' | 'recalled' | 'reactions'>): StoredMessage
  /** A message, also one that was taken back; undefined for ids that are unknown or forgotten. */
  get(id: number): StoredMessage | undefined
}

/** Media, served over HTTP so that received links work. */
export interface OneBotMedia {
  /** Keeps a file as if somebody had sent it; `name` is empty where it is left out. */
  add(bytes: Buffer, name?: string): Media
  /** Looks media up by its MD5 or by a name that a received segment carries. */
  find(name: string): Media | undefined
  /** Makes every link handed out so far stop working, as links of QQ do after a while. */
  expireLinks(): void
}

/** Writes events in the form of the implementation, for `emulator.emit`. */
export interface OneBotEvents {
  /** `message`, or `message_sent` for the account's own messages where the implementation has it. */
  message(message: StoredMessage): RawEvent
  /** The first event of a connection; go-cqhttp's tells when the process started. */
  lifecycle(subType: 'connect' | 'enable' | 'disable'): RawEvent
  /** @param status - As `get_status` answers it, such as `{ online: true, good: true }`. */
  heartbeat(status: RawEvent, intervalMs: number): RawEvent
}
