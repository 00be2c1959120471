import { randomUUID } from 'node:crypto'

import { type ChatEvent, type ChatEventName, type EventWith, type User } from '@mynah/core'

import { botUser, type Place, type World } from './world.ts'

/** The platform's payload of sandbox events: what was typed, or what the bot did. */
export interface SandboxInput {
  /** As it was typed, `:` commands included; empty for what the bot did. */
  readonly line: string
}

/** Common events that the sandbox makes; each has the platform name `sandbox/<name>`. */
export type SandboxEventName = Extract<
  ChatEventName,
  | 'message-created'
  | 'message-updated'
  | 'message-deleted'
  | 'reaction-added'
  | 'reaction-removed'
  | 'interaction/button'
  | 'poke'
  | 'guild-removed'
  | 'guild-member-added'
  | 'guild-member-updated'
  | 'guild-member-removed'
  | 'guild-member-muted'
  | 'guild-member-unmuted'
>

/** Where an event happened and who did it. */
export interface EventOrigin {
  readonly place: Place
  readonly user: User
  readonly line: string
}

/** Makes the events of one sandbox, each with an id of its own. */
export class EventMaker {
  readonly #world: World
  /** Another one each time, as the app knows the events of a sandbox that was there before. */
  readonly #run = randomUUID().slice(0, 8)
  #count = 0

  constructor(world: World) {
    this.#world = world
  }

  /** Makes an event of `type` with what its origin tells and what `fields` add. */
  make<F extends Partial<ChatEvent>>(
    type: SandboxEventName,
    origin: EventOrigin,
    fields: F,
  ): EventWith<'user' | 'channel'> & F {
    const raw: SandboxInput = { line: origin.line }
    return { ...this.frame(type, origin), raw, ...fields }
  }

  /** What every event of that origin has. */
  frame(type: string, { place, user }: EventOrigin): Omit<EventWith<'user' | 'channel'>, 'raw'> {
    this.#count += 1
    const guild = place.guildId === undefined ? undefined : this.#world.guild(place.guildId)
    const member = guild?.members.get(user.id)
    return {
      id: `sandbox-${this.#run}-${this.#count}`,
      type,
      platformType: `sandbox/${type}`,
      platform: 'sandbox',
      selfId: botUser.id,
      time: Date.now(),
      user,
      channel: place.channel,
      ...(guild === undefined ? {} : { guild: guild.guild }),
      ...(member === undefined ? {} : { member }),
    }
  }
}
