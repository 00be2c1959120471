import {
  type ChatEvent,
  type Element,
  type ElementOf,
  findElement,
  type Message,
  parse,
  text,
  type User,
  UserError,
} from '@mynah/core'

import type { SandboxBot } from './bot.ts'
import type { EventMaker, SandboxEventName } from './events.ts'
import type { RawEvent } from './raw-event.ts'
import type { Screen } from './screen.ts'
import { numberedButtons } from './show.ts'
import { botUser, type Place, type SandboxGuild, type World } from './world.ts'

/** Who speaks before anybody says otherwise. */
const firstSpeaker = 'alice'

/** What a {@link Chat} works with. */
export interface ChatParts {
  readonly world: World
  readonly events: EventMaker
  readonly bot: SandboxBot
  readonly screen: Screen
  /** Ends the program. */
  readonly quit: () => void
}

/** The people's side of the sandbox: who speaks where, and what a typed line does. */
export class Chat {
  readonly world: World
  readonly #events: EventMaker
  readonly #bot: SandboxBot
  readonly #screen: Screen
  /** Ends the program. */
  readonly quit: () => void
  /** What was typed last. */
  line = ''
  #speaker: User
  #place: Place
  #quote: Message | undefined

  constructor({ world, events, bot, screen, quit }: ChatParts) {
    this.world = world
    this.#events = events
    this.#bot = bot
    this.#screen = screen
    this.quit = quit
    this.#speaker = world.user(firstSpeaker)
    this.#place = world.directPlace(firstSpeaker)
  }

  get speaker(): User {
    return this.#speaker
  }

  get place(): Place {
    return this.#place
  }

  /** The guild the speaker is in. @throws UserError in a direct chat. */
  get guild(): SandboxGuild {
    const { guildId } = this.#place
    if (guildId !== undefined) return this.world.guild(guildId)
    throw new UserError('This is a direct chat. Go to a guild first, with :in home for instance.')
  }

  /** The speaker writes a message; tags are elements, everything else is text. */
  say(line: string): void {
    const mute = this.#mute()
    if (mute !== undefined) return this.notice(mute)
    const written: Element[] = line.includes('<') ? parse(line) : [text(line)]
    const quote = this.#quote ?? this.#quotedBy(written)
    const content = written.filter(({ type }) => type !== 'quote')
    this.#quote = undefined
    const message = this.world.addMessage(this.#place, this.#speaker, content, quote)
    this.emit('message-created', { message })
  }

  /** Something happens where the speaker is. */
  emit(type: SandboxEventName, fields: Partial<ChatEvent>, user: User = this.#speaker): void {
    void this.#bot.happen(this.#events.make(type, { place: this.#place, user, line: this.line }, fields))
  }

  /** An event that is complete but for what the sandbox knows. */
  emitRaw(fields: RawEvent): void {
    const frame = this.#events.frame(fields.type, { place: this.#place, user: this.#speaker, line: '' })
    void this.#bot.happen({ ...frame, raw: fields, ...fields })
  }

  /** Somebody else speaks, in the same guild or in a direct chat. */
  speakAs(name: string): void {
    this.#speaker = this.world.user(name)
    const { guildId } = this.#place
    if (guildId === undefined) this.#place = this.world.directPlace(name)
    else this.world.enter(guildId, this.#speaker)
  }

  /** The speaker goes to a guild's channel, or to the direct chat. */
  goTo(place: Place): void {
    if (place.guildId !== undefined) this.world.enter(place.guildId, this.#speaker)
    this.#place = place
    this.#quote = undefined
  }

  /** The next message of the speaker answers this one. */
  quote(messageId: string): void {
    this.#quote = this.message(messageId)
  }

  /** A message of the channel. @throws MynahError `API_REJECTED` when it is not there. */
  message(id: string): Message {
    return this.world.findMessage(this.#place.channel.id, id)
  }

  /** The speaker's latest message here. @throws UserError when there is none. */
  ownMessage(): Message {
    const message = this.world
      .messagesOf(this.#place.channel.id)
      .findLast(({ user }) => user?.id === this.#speaker.id)
    if (message === undefined) throw new UserError(`${this.#speaker.id} has written nothing here.`)
    return message
  }

  /** The button of that number on the latest message that has any. @throws UserError when there is none. */
  button(position: number): { message: Message; button: ElementOf<'button'> } {
    const messages = this.world.messagesOf(this.#place.channel.id)
    const message = messages.findLast(
      ({ user, content }) => user?.id === botUser.id && numberedButtons(content).length > 0,
    )
    if (message === undefined) throw new UserError('No message here has buttons.')
    const buttons = numberedButtons(message.content)
    const button = buttons[position - 1]
    if (button === undefined) throw new UserError(`Which button? 1 to ${buttons.length}.`)
    return { message, button }
  }

  /** Says something that is part of no chat. */
  notice(message: string): void {
    this.#screen.notice(message)
  }

  #quotedBy(content: readonly Element[]): Message | undefined {
    const id = findElement(content, 'quote')?.attrs.id
    return this.world.messagesOf(this.#place.channel.id).find((message) => message.id === id)
  }

  #mute(): string | undefined {
    const { guildId } = this.#place
    if (guildId === undefined) return undefined
    const leftMs = (this.world.guild(guildId).mutedUntil.get(this.#speaker.id) ?? 0) - Date.now()
    if (leftMs <= 0) return undefined
    return `${this.#speaker.id} is muted in ${guildId} for ${Math.ceil(leftMs / 1000)} s more.`
  }
}
