import { backoffDelay } from '../../shared/backoff.ts'
import type { Clock } from '../../shared/clock.ts'
import type { LocalBot } from '../local-bot.ts'
import type { JournalEntry, JournalRecord } from '../../bot/message-journal.ts'

/** So many conversations of one bot are worked on at a time, so that a backlog leaves room for live messages. */
const maxAtOnce = 4

/** Longest pause after a failure, in ms. */
const maxPauseMs = 60_000

/** A message that waits in its conversation. */
export interface Waiting extends JournalEntry {
  /** Whether it is on disk, once that is known. */
  readonly stored: Promise<boolean>
  /** As it stands, once it has been looked at. */
  record?: JournalRecord | undefined
  /** Whether the disk has the record as it stands. */
  isSaved: boolean
}

/** What came of a try: it is over, it has to wait for the bot, or for a while. */
export type TryOutcome = 'over' | 'offline' | { readonly retryAfterMs: number | undefined }

/** The messages of one conversation that wait, in order. */
interface Lane {
  readonly entries: Waiting[]
  state: 'ready' | 'running' | 'pausing'
  failures: number
}

/** What a {@link StoredBacklog} works with. */
export interface BacklogParts {
  readonly clock: Clock
  readonly bot: LocalBot
  /** Tries a message. Never rejects. */
  readonly attempt: (bot: LocalBot, entry: Waiting) => Promise<TryOutcome>
}

/** Stored messages of one bot: one at a time in each conversation, and few conversations at once. */
export class StoredBacklog {
  readonly #parts: BacklogParts
  readonly #lanes = new Map<string, Lane>()
  readonly #running = new Set<Promise<void>>()
  /** How each pause is ended. */
  readonly #pauses = new Map<Lane, () => void>()
  #expiry: { readonly at: number; readonly cancel: () => void } | undefined
  #isStopped = false

  constructor(parts: BacklogParts) {
    this.#parts = parts
  }

  /** Puts a message behind the others of its conversation. */
  push(entry: Waiting): void {
    let lane = this.#lanes.get(entry.channelId)
    if (lane === undefined) {
      lane = { entries: [], state: 'ready', failures: 0 }
      this.#lanes.set(entry.channelId, lane)
    }
    lane.entries.push(entry)
    this.#watchExpiry(entry.expiresAt)
    this.#start(entry.channelId, lane)
  }

  /** The bot is online again: what failed while it was away is tried at once. */
  resume(): void {
    for (const lane of this.#pauses.keys()) {
      this.#endPause(lane)
      lane.failures = 0
    }
    this.#wake()
  }

  /** Goes on where it can: the bot is online, or messages came. */
  #wake(): void {
    for (const [channelId, lane] of this.#lanes) {
      if (this.#isFull) return
      this.#start(channelId, lane)
    }
  }

  /** Begins nothing any more. Resolves when what has begun is over. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#expiry?.cancel()
    for (const cancel of this.#pauses.values()) cancel()
    await Promise.all(this.#running)
  }

  get #isFull(): boolean {
    return this.#isStopped || this.#running.size >= maxAtOnce
  }

  #start(channelId: string, lane: Lane): void {
    const { bot, clock } = this.#parts
    const [first] = lane.entries
    if (this.#isFull || lane.state !== 'ready' || first === undefined) return
    if (bot.status !== 'online' && first.expiresAt > clock.now()) return
    lane.state = 'running'
    const run = this.#run(channelId, lane, first)
    this.#running.add(run)
    void run.then(() => {
      this.#running.delete(run)
      this.#wake()
    })
  }

  async #run(channelId: string, lane: Lane, entry: Waiting): Promise<void> {
    const outcome = (await entry.stored) ? await this.#parts.attempt(this.#parts.bot, entry) : 'over'
    lane.state = 'ready'
    if (outcome === 'over') {
      lane.failures = 0
      lane.entries.shift()
      // Others come first: a conversation goes to the end of the line.
      this.#lanes.delete(channelId)
      if (lane.entries.length > 0) this.#lanes.set(channelId, lane)
      return
    }
    moveExpiredToFront(lane.entries, this.#parts.clock.now())
    if (outcome !== 'offline') this.#pause(lane, outcome.retryAfterMs)
  }

  #pause(lane: Lane, retryAfterMs: number | undefined): void {
    if (this.#isStopped) return
    lane.state = 'pausing'
    const delayMs = retryAfterMs ?? backoffDelay(lane.failures, { maxMs: maxPauseMs })
    lane.failures += 1
    const end = (): void => {
      this.#endPause(lane)
      this.#wake()
    }
    this.#pauses.set(lane, this.#parts.clock.setTimeout(end, delayMs))
  }

  #endPause(lane: Lane): void {
    this.#pauses.get(lane)?.()
    this.#pauses.delete(lane)
    lane.state = 'ready'
  }

  /** A message whose time is over is settled then, also while the bot is away. */
  #watchExpiry(at: number): void {
    if (this.#isStopped || (this.#expiry !== undefined && this.#expiry.at <= at)) return
    this.#expiry?.cancel()
    const { clock } = this.#parts
    const cancel = clock.setTimeout(() => this.#expire(), Math.max(0, at - clock.now()))
    this.#expiry = { at, cancel }
  }

  #expire(): void {
    this.#expiry = undefined
    const now = this.#parts.clock.now()
    let next = Number.POSITIVE_INFINITY
    for (const { entries, state } of this.#lanes.values()) {
      if (state !== 'running') moveExpiredToFront(entries, now)
      for (const { expiresAt } of entries) if (expiresAt > now) next = Math.min(next, expiresAt)
    }
    if (Number.isFinite(next)) this.#watchExpiry(next)
    this.#wake()
  }
}

/** Those that are over keep nobody waiting; they are not sent, so the order of the others stays. */
function moveExpiredToFront(entries: Waiting[], now: number): void {
  const [over, others] = [
    entries.filter(({ expiresAt }) => expiresAt <= now),
    entries.filter(({ expiresAt }) => expiresAt > now),
  ]
  if (over.length > 0 && over.length < entries.length) entries.splice(0, entries.length, ...over, ...others)
}
