import type { Params } from './params.ts'
import type { Profile } from '../wire/profile.ts'
import type { RawEvent, Via } from '../wire/wire.ts'
import type { EventWriter } from '../world/events.ts'
import type { Outbox } from '../world/outbox.ts'
import type { World } from '../world/world.ts'

/** What an action has at hand. */
export interface ActionContext {
  readonly profile: Profile
  readonly world: World
  readonly outbox: Outbox
  readonly events: EventWriter
  readonly via: Via
  /** Sends an event to everybody connected; undefined is what this profile does not report. */
  readonly emit: (event: RawEvent | undefined) => void
  readonly status: () => RawEvent
  /** Names of the actions that the profile knows. */
  readonly supported: () => string[]
  /** Takes events from the long-polling queue; waits for one when there is none. */
  readonly poll: (limit: number, timeoutMs: number) => Promise<RawEvent[]>
  /** Runs another action, as part of this one. */
  readonly run: (action: string, params: Record<string, unknown>) => unknown
  /** Restarts the emulated process soon after the call is answered. */
  readonly restart: (delayMs: number) => void
}

/** An answer of several frames. */
export class StreamAnswer {
  readonly frames: Iterable<Record<string, unknown>>

  /** @param frames - `data` of each frame; the last has type `response` or `error`. */
  constructor(frames: Iterable<Record<string, unknown>>) {
    this.frames = frames
  }
}

/** One API action: who knows it, and what it does. Its result becomes `data`. */
export interface Action {
  /** Letters of the profiles that know it. */
  readonly on: string
  readonly run: (params: Params, context: ActionContext) => unknown
}

export type ActionTable = Readonly<Record<string, Action>>
