import { z } from 'zod'

import type { Filled } from '../shared/filled.ts'
import type { BreakerSettings } from './breaker.ts'

/** The setting `breaker`. */
export const breakerSetting: z.ZodType<Filled<BreakerSettings> | undefined, BreakerSettings | undefined> = z
  .strictObject({
    failures: z.int().positive().default(5).describe('So many failures pause a plugin'),
    withinMs: z.int().positive().default(60_000).describe('Within so many ms'),
    pauseMs: z.int().positive().default(300_000).describe('How long it is paused, in ms'),
  })
  .optional()
  .describe('Pauses plugins that fail again and again; never without this key')
