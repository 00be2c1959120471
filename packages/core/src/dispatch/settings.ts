import { z } from 'zod'

import type { Filled } from '../shared/filled.ts'
import type { DispatchLimits } from './dispatcher.ts'

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
