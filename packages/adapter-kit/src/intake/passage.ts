import type { Acceptance } from '@mynah/core/adapter'

/** Who knows how far the events of a source are settled; see `IntakeProgress`. */
export interface PassageProgress {
  /** An event is made of what came with a number; to be called before it is handed in. */
  follow(number: number, eventId: string): void
  /** What the app said to an event. */
  accepted(number: number, eventId: string, acceptance: Acceptance | 'refused'): void
}
/** How an event came whose source numbers what it sends. */
export interface Passage {
  /** Knows how far the events of the source are settled. */
  readonly progress: PassageProgress
  /** The number it came with. */
  readonly number: number
  /** Whether a run before this one may have handled it. */
  readonly isAgain: boolean
}
