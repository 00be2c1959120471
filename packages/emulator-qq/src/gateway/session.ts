import type { Shard } from './identify.ts'

/** One frame of op 0 as it goes over the wire. */
export interface DispatchFrame {
  readonly op: 0
  readonly s: number
  readonly t: string
  readonly id?: string
  readonly d: unknown
}

/** What identifies a login. */
export interface SessionOptions {
  id: string
  intents: number
  shard: Shard
}

const bufferLimit = 2000

/** A login at the gateway: it counts frames and keeps them for a resume, whether a socket is there or not. */
export class GatewaySession {
  readonly id: string
  readonly intents: number
  readonly shard: Shard
  /** When the last socket went away; undefined while one is attached. */
  detachedAt: number | undefined
  #sequence = 0
  /** The newest number of an event that is no longer kept. */
  #forgotten = 0
  #frames: DispatchFrame[] = []

  constructor(options: SessionOptions) {
    this.id = options.id
    this.intents = options.intents
    this.shard = options.shard
  }

  /** The `s` of the newest frame. */
  get sequence(): number {
    return this.#sequence
  }

  /** Numbers an event and keeps it for replay. */
  frame({ t, d, id }: { t: string; d: unknown; id?: string }): DispatchFrame {
    const frame: DispatchFrame = { op: 0, s: this.#next(), t, ...(id === undefined ? {} : { id }), d }
    this.#frames.push(frame)
    if (this.#frames.length > bufferLimit) this.#forgotten = this.#frames.shift()?.s ?? this.#forgotten
    return frame
  }

  /** Numbers what is said about the login itself; no resume brings it again. */
  notice(t: 'READY' | 'RESUMED', d: unknown): DispatchFrame {
    return { op: 0, s: this.#next(), t, d }
  }

  /** The events that followed `sequence`; undefined when they are no longer all known. */
  since(sequence: number): DispatchFrame[] | undefined {
    return sequence < this.#forgotten ? undefined : this.#frames.filter(({ s }) => s > sequence)
  }

  #next(): number {
    this.#sequence += 1
    return this.#sequence
  }
}

/** The shard a guild belongs to; events of no guild belong to shard 0. */
export const shardOf = (guildId: string | undefined, count: number): number =>
  guildId === undefined || !/^\d+$/.test(guildId) ? 0 : Number((BigInt(guildId) >> 22n) % BigInt(count))

/** Whether an event goes to a session: its shard fits and its intent was asked for. */
export function isFor(
  session: GatewaySession,
  intent: number | undefined,
  guildId: string | undefined,
): boolean {
  const wanted = intent === undefined || (session.intents & intent) !== 0
  return wanted && shardOf(guildId, session.shard[1]) === session.shard[0]
}
