import type { JsonObject } from '@mynah/emulator-kit'

/** Where a message lives: one-to-one chat, group chat, guild channel, or direct message of a guild. */
export type QQTargetKind = 'c2c' | 'group' | 'channel' | 'dm'

/** What a bot sent, by the field that carries it. */
export type QQMessageKind =
  | 'text'
  | 'markdown'
  | 'ark'
  | 'media'
  | 'typing'
  | 'embed'
  | 'image'
  | 'stream'
  | 'card'

/** A file that a bot uploaded or attached. */
export interface QQFile {
  /** 1 picture, 2 video, 3 voice, 4 any other file: what the recipient sees. */
  readonly type: number
  /** The file name; empty where the upload had none. */
  readonly name: string
  /** The whole content. */
  readonly content: Buffer
}

/** One message of the bot, as the recipient sees it. */
export interface QQBotMessage {
  /** The message's id, as the bot was told. */
  readonly id: string
  /** What sort of place it went to. */
  readonly targetKind: QQTargetKind
  /** The openid of the user or group, the channel id, or the guild id of the direct message session. */
  readonly target: string
  /** By the field of the request that carries its content. */
  readonly kind: QQMessageKind
  /** The text, or the markdown source; a template shows as its id. */
  text: string
  /** The request body; files of a form are left out. */
  body: JsonObject
  /** The id of the message or event that was answered; undefined for proactive messages. */
  readonly replyTo: string | undefined
  /** The id of the quoted message, when the reference leads to one; a wrong reference is dropped silently. */
  readonly quoted: string | undefined
  /** The file that came with it; undefined when none did. */
  readonly file: QQFile | undefined
  /** The index by which users quote it (C2C and group). */
  readonly quoteIndex: string
  /** Milliseconds since the epoch. */
  readonly sentAt: number
  /** Whether the bot took it back. */
  recalled: boolean
}

/** How a message reads in the error of a failed expectation. */
export const describeMessage = (message: QQBotMessage): string =>
  `${message.kind} to ${message.targetKind} ${message.target}: ${JSON.stringify(message.text)}`
