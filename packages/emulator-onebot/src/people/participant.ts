import { MynahError } from '@mynah/core'
import { Mailbox } from '@mynah/core/testing'
import { fits, inWords } from '@mynah/emulator-kit'

import type { HeardMessage, OneBotExpected } from './heard-message.ts'
import type { SegmentInput, Segment } from '../wire/wire.ts'
import type { Anonymous, Chat, Person, StoredMessage } from '../world/entities.ts'

/** How many unread messages a chat keeps; a load test reads none of them. */
const unreadLimit = 1000

/** What a participant needs of the emulator. */
export interface ParticipantHost {
  /** Puts a message of a person into the world and reports it. */
  say(person: Person, chat: Chat, segments: Segment[], anonymous?: Anonymous): Promise<StoredMessage>
  poke(person: Person, chat: Chat): Promise<void>
  recall(person: Person, messageId: number): Promise<void>
  react(person: Person, messageId: number, emojiId: string, isAdd: boolean): Promise<void>
  /** Settles when the bot has nothing more to say, as far as can be known. */
  silence(): Promise<void>
}

/** Anything that names a group. */
export interface GroupRef {
  /** The group's number. */
  readonly groupId: number
}

/** What somebody says: plain text, or segments. */
export type Speech = string | SegmentInput | readonly SegmentInput[]

const isList = (speech: Speech): speech is readonly SegmentInput[] => Array.isArray(speech)

function segmentsOf(speech: Speech): Segment[] {
  if (typeof speech === 'string') return [{ type: 'text', data: { text: speech } }]
  const list = isList(speech) ? speech : [speech]
  return list.map(({ type, data }) => ({ type, data: data ?? {} }))
}

/** One person in one chat: they speak, and hear what the bot says there. */
export class Participant {
  /** Who it is. */
  readonly person: Person
  /** Where they speak. */
  readonly chat: Chat
  readonly #host: ParticipantHost
  readonly #heard = new Mailbox<HeardMessage>(({ raw }) => raw, unreadLimit)

  constructor(person: Person, chat: Chat, host: ParticipantHost) {
    this.person = person
    this.chat = chat
    this.#host = host
  }

  /** Says something; settles when the event was handed to everybody connected. */
  say(speech: Speech): Promise<StoredMessage> {
    return this.#host.say(this.person, this.chat, segmentsOf(speech))
  }

  /** Says something under a made-up name; groups only. */
  sayAnonymously(name: string, speech: Speech): Promise<StoredMessage> {
    const id = 1_000_000_411
    return this.#host.say(this.person, this.chat, segmentsOf(speech), { id, name, flag: `${id}|${name}` })
  }

  /** Quotes a message and says something to it. */
  replyTo(messageId: number, speech: Speech): Promise<StoredMessage> {
    const quote = { type: 'reply', data: { id: String(messageId) } }
    return this.#host.say(this.person, this.chat, [quote, ...segmentsOf(speech)])
  }

  /** Nudges the bot. */
  poke(): Promise<void> {
    return this.#host.poke(this.person, this.chat)
  }

  /** Takes a message back. */
  recall(message: number | { id: number }): Promise<void> {
    return this.#host.recall(this.person, typeof message === 'number' ? message : message.id)
  }

  /** Adds a reaction to a message, or takes it away. */
  react(message: number | { id: number }, emojiId: string, isAdd = true): Promise<void> {
    return this.#host.react(this.person, typeof message === 'number' ? message : message.id, emojiId, isAdd)
  }

  /** What the bot said here and nobody asked for yet. */
  get unread(): readonly HeardMessage[] {
    return this.#heard.pending
  }

  /**
   * Waits for a message of the bot in this chat and takes it.
   *
   * @throws MynahError `TEST_EXPECTATION` when nothing that fits arrives in time.
   */
  expectReply(expected?: OneBotExpected, timeoutMs?: number): Promise<HeardMessage> {
    const accepts = (message: HeardMessage): boolean => fits(message, expected, [message.text])
    return this.#heard.take(accepts, inWords(expected), timeoutMs)
  }

  /**
   * Makes sure that the bot has nothing more to say here.
   *
   * @throws MynahError `TEST_EXPECTATION` when it says something, or said something that was not taken.
   */
  async expectSilence(): Promise<void> {
    await this.#host.silence()
    if (this.unread.length === 0) return
    const said = this.unread.map(({ raw }) => `\n  - ${raw}`).join('')
    throw new MynahError('TEST_EXPECTATION', `Expected silence; the bot said:${said}`)
  }

  /** Called by the emulator with what the bot said here. */
  hear(message: HeardMessage): void {
    this.#heard.push(message)
  }
}
