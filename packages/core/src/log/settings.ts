import { z } from 'zod'

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const

/** How much is logged. */
export interface LogSettings {
  /** @defaultValue that of the logger */
  readonly level?: (typeof levels)[number] | undefined
  /**
   * Shows each message and each answer on one line at `info`, and why a message that was meant for the bot got no
   * answer. @defaultValue false, and true in `bot dev`
   */
  readonly messages?: boolean | undefined
}

/** The setting `log`. */
export const logSetting: z.ZodType<LogSettings, LogSettings | undefined> = z
  .strictObject({
    level: z.enum(levels).optional().describe('How much is logged; info without this key'),
    messages: z
      .boolean()
      .optional()
      .describe('Show each message and answer, and why there was none; on in bot dev'),
  })
  .prefault({})
  .describe('How much is logged')
