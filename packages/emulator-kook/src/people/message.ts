import { isJsonObject, parseJson, type JsonObject } from '@mynah/emulator-kit'
import type { MessageState } from '../world/model.ts'

/** A message as one person sees it. It is live: edits and deletion show. */
export class KookMessage {
  readonly #state: MessageState
  readonly #viewerId: string

  constructor(state: MessageState, viewerId: string) {
    this.#state = state
    this.#viewerId = viewerId
  }

  /** The message's id, as KOOK gives it. */
  get id(): string {
    return this.#state.id
  }

  /** 1 text, 2 picture, 3 video, 4 file, 8 audio, 9 KMarkdown, 10 card, 12 item. */
  get type(): number {
    return this.#state.type
  }

  /** The source: KMarkdown, the JSON of a card, or the URL of media; the version this person sees. */
  get content(): string {
    return this.#state.variants.get(this.#viewerId) ?? this.#state.content
  }

  /** The plain text, with mentions as `@name`; empty for media. */
  get text(): string {
    return this.#state.mentions.rawContent
  }

  /** The user's id, also that of the bot. */
  get authorId(): string {
    return this.#state.authorId
  }

  /** The message this one answers. */
  get quoteId(): string | undefined {
    return this.#state.quoteId
  }

  /** What the bot sent along to know its message by; empty when nothing. */
  get nonce(): string {
    return this.#state.nonce
  }

  /** Ids of the users mentioned. */
  get mentions(): readonly string[] {
    return this.#state.mentions.users
  }

  /** Whether it mentions everybody. */
  get mentionsAll(): boolean {
    return this.#state.mentions.all
  }

  /** Whether one user alone sees it. */
  get isTemporary(): boolean {
    return this.#state.onlyFor !== undefined
  }

  /** Whether it was taken back. */
  get isDeleted(): boolean {
    return this.#state.deleted
  }

  /** Whether it is pinned to its channel. */
  get isPinned(): boolean {
    return this.#state.pinned
  }

  /** Emoji ids with the ids of those who reacted. */
  get reactions(): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries(
      [...this.#state.reactions].map(([emoji, { users }]) => [emoji, [...users.keys()]]),
    )
  }

  /** The cards of a card message. */
  get cards(): readonly JsonObject[] {
    const cards = this.type === 10 ? parseJson(this.content) : []
    return Array.isArray(cards) ? cards.filter(isJsonObject) : []
  }

  /** The buttons of a card message, in reading order. */
  get buttons(): readonly KookButton[] {
    return buttonsIn(this.cards)
  }
}

/** A button of a card. */
export interface KookButton {
  /** Its text, without markup. */
  readonly label: string
  /** What the bot gets, or the address that is opened. */
  readonly value: string
  /** `link` opens the value, `return-val` tells the bot, `''` does nothing. */
  readonly click: string
}

function buttonsIn(value: unknown): KookButton[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown) => buttonsIn(item))
  if (!isJsonObject(value)) return []
  if (value.type !== 'button') return Object.values(value).flatMap((item) => buttonsIn(item))
  const label = isJsonObject(value.text) ? textOf(value.text.content) : ''
  return [{ label, value: textOf(value.value), click: textOf(value.click) }]
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
