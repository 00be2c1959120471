import type { JsonObject } from '@mynah/emulator-kit'
import type { QQBotMessage } from '../world/message.ts'
import type { Platform } from '../world/platform.ts'

/** A file a user attaches; the platform shows an address instead of the content. */
export interface QQAttachment {
  /** Where the bot can fetch it. */
  url: string
  /** The name it was sent under. */
  filename?: string
  /** `image/png`, `video/mp4`, `voice`, `file` and the like. */
  content_type?: string
  /** In pixels; of pictures and videos. */
  width?: number
  /** In pixels; of pictures and videos. */
  height?: number
  /** In bytes. */
  size?: number
  /** A recording as WAV. */
  voice_wav_url?: string
  /** The words of a recording, as the platform heard them. */
  asr_refer_text?: string
}

const base64 = (words: string): string => Buffer.from(JSON.stringify({ text: words })).toString('base64')

/** The tag of a face from the market, as it stands in the text of groups and one-to-one chats. */
export const marketFace = (words: string): string => `<faceType=4,faceId="",ext="${base64(words)}">`

/** The text of a group or one-to-one message: pictures have their place in it, where the platform puts a tag. */
export function withPlaces(text: string, attachments: readonly QQAttachment[] = []): string {
  const tags = attachments.map(({ content_type: type = '' }, index) =>
    type.startsWith('image/')
      ? `<attachmentType="${type}",attachmentIndex=${index},description="${base64('[图片]')}">`
      : '',
  )
  return text + tags.join('')
}

/** Something that can be quoted. */
export type QQQuotable = Pick<QQBotMessage, 'id' | 'text' | 'quoteIndex'>

/** What comes with the words of a user. */
export interface QQSayOptions {
  /** Pictures, recordings and files that go with the words. */
  attachments?: readonly QQAttachment[]
  /** The message that is answered. */
  quote?: QQQuotable
  /** Whether the bot is mentioned, in groups and channels. @defaultValue true */
  mention?: boolean
  /** Whether everybody is mentioned, in groups and channels. @defaultValue false */
  mentionAll?: boolean
  /** Fields that replace those of the payload, for what has no option of its own. */
  extra?: JsonObject
}

/** What a user said. */
export interface QQSaid extends QQQuotable {
  /** The outer ids of the events it caused, in their order; empty when the bot is not told. */
  readonly eventIds: readonly string[]
}

interface ChatFields {
  message_type: number
  message_scene: JsonObject
  attachments?: readonly QQAttachment[]
  msg_elements?: readonly JsonObject[]
}

/** The fields that C2C and group messages share. */
export function chatFields(
  quoteIndex: string,
  { attachments, quote }: QQSayOptions,
  ext: string[] = [],
): ChatFields {
  const indexes = [`msg_idx=${quoteIndex}`, ...ext]
  if (quote !== undefined) indexes.unshift(`ref_msg_idx=${quote.quoteIndex}`)
  return {
    message_type: quote === undefined ? 0 : 103,
    message_scene: { source: 'default', ext: indexes },
    ...(attachments === undefined ? {} : { attachments }),
    ...(quote === undefined
      ? {}
      : { msg_elements: [{ msg_idx: quote.quoteIndex, message_type: 0, content: quote.text }] }),
  }
}

/** What a user presses: a button below a message, or an entry of the quick menu. */
export interface QQInteractionStart {
  /** @defaultValue 11, a message button */
  type?: number
  resolved: JsonObject
}

/** A started interaction. */
export interface QQInteraction {
  /** The id the bot acknowledges. */
  readonly id: string
  /** The outer id the bot can answer with as `event_id`. */
  readonly eventId: string
  /**
   * Takes the next acknowledgement.
   *
   * @throws MynahError `TEST_EXPECTATION` when none comes in time.
   */
  expectAck(timeoutMs?: number): Promise<{ readonly code: number; readonly afterMs: number }>
}

/** Sends INTERACTION_CREATE with the ids of its scene. */
export function interact(platform: Platform, start: QQInteractionStart, place: JsonObject): QQInteraction {
  const id = platform.ids.uuid()
  const type = start.type ?? 11
  const acks = platform.interactions.open(id, platform.clock.now())
  const envelope = platform.dispatch('INTERACTION_CREATE', {
    id,
    application_id: platform.appId,
    version: 1,
    timestamp: platform.now(),
    type,
    ...place,
    data: { type, resolved: start.resolved },
  })
  return {
    id,
    eventId: envelope.id,
    expectAck: (timeoutMs) => acks.take(() => true, 'an acknowledged interaction', timeoutMs),
  }
}
