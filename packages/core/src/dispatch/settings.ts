import { z } from 'zod'

import type { Filled } from '../shared/filled.ts'

/** Limits of the way in. */
export interface DispatchLimits {
  /**
   * Events handled at the same time; more wait in the queue. One conversation has at most a quarter of the places,
   * one plugin keeps at most half of them while others wait. @defaultValue 1000
   */
  readonly maxRunning?: number | undefined
  /** Events that may wait, or run without a place; who brings more has to wait. @defaultValue 10000 */
  readonly maxQueued?: number | undefined
  /** How long a handler may take in ms before its signal aborts and it is reported. @defaultValue 60000 */
  readonly deadlineMs?: number | undefined
  /**
   * Messages that were fetched after a gap and are older than this, in ms, get no answer; listeners see them.
   * @defaultValue no limit
   */
  readonly maxLateMs?: number | undefined
}

/** Limits as they hold. */
export type FilledLimits = Filled<Omit<DispatchLimits, 'maxLateMs'>> & Pick<DispatchLimits, 'maxLateMs'>

/** The setting `limits`. */
export const limitsSetting: z.ZodType<FilledLimits, DispatchLimits | undefined> = z
  .strictObject({
    maxRunning: z.int().positive().default(1000).describe('Events handled at the same time'),
    maxQueued: z.int().positive().default(10_000).describe('Events that may wait'),
    deadlineMs: z.int().positive().default(60_000).describe('How long a handler may take, in ms'),
    maxLateMs: z
      .int()
      .nonnegative()
      .optional()
      .describe('How old a message may be that was fetched after a gap and is still answered, in ms'),
  })
  .prefault({})
  .describe('Limits of the way of events')
