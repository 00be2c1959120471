import { z } from 'zod'
import { readDuration } from './time.ts'

/** A length of time in a config: in words such as `30s` or `1h30m`, or in ms. Ms come out. */
export const duration: z.ZodType<number, number | string> = z
  .union([z.number().nonnegative(), z.string()])
  .transform((written, context) => {
    const ms = typeof written === 'number' ? written : readDuration(written)
    if (ms !== undefined) return ms
    context.addIssue({ code: 'custom', message: 'expected a length of time, such as 10s or 1h30m' })
    return z.NEVER
  })
