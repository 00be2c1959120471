import type { IntakeProgress } from './intake-progress.ts'

/** How an event came whose source numbers what it sends. */
export interface Passage {
  /** Knows how far the events of the source are settled. */
  readonly progress: IntakeProgress
  /** The number it came with. */
  readonly number: number
  /** Whether a run before this one may have handled it. */
  readonly isAgain: boolean
}
