import { z } from 'zod'

import { grantsSchema } from '../permission/settings.ts'
import type { Filled } from '../shared/filled.ts'
import { isCommandName } from './grammar.ts'
import type { CommandOverride, CommandOverrides } from './override.ts'
import type { AnswerSettings } from './runner.ts'
import { readDuration } from './time.ts'

const text = z.string().min(1)

/** The setting `prefix`. */
export const prefixSetting: z.ZodType<readonly string[], string | readonly string[] | undefined> = z
  .union([z.string(), z.array(z.string()).min(1)])
  .transform((marks) => (typeof marks === 'string' ? [marks] : marks))
  .prefault('/')
  .describe('Marks in front of a command, one or a list')

/** The setting `nicknames`. */
export const nicknamesSetting: z.ZodType<readonly string[], readonly string[] | undefined> = z
  .array(text)
  .default([])
  .describe('Names the bot listens to')

const duration = z.union([
  z.number().nonnegative(),
  z
    .string()
    .refine((value) => readDuration(value) !== undefined, 'expected a length of time, such as 10s or 1h30m'),
])

const commandOverride: z.ZodType<CommandOverride, CommandOverride> = z.strictObject({
  name: z
    .string()
    .refine(isCommandName, 'expected one word, without prefix')
    .optional()
    .describe('Another name; of a sub-command, its last word'),
  aliases: z.array(text).optional().describe('Other names in place of those of the plugin'),
  shortcuts: z
    .array(text)
    .optional()
    .describe('Phrases in place of the shortcuts of the plugin; a pattern that stays is written /^hp$/'),
  enabled: z.boolean().optional().describe('false takes the command away'),
  permission: grantsSchema.optional().describe('Who may use it'),
  hidden: z.boolean().optional().describe('Whether help and suggestions leave it out'),
  cooldown: z
    .union([
      duration,
      z.strictObject({
        every: duration,
        per: z.enum(['user', 'conversation', 'global']).optional(),
        exempt: grantsSchema.optional().describe('Who need not wait'),
      }),
    ])
    .optional()
    .describe('How long to wait between two uses, in ms or as 10s; 0 for not at all'),
})

/** The setting `commands`. */
export const commandsSetting: z.ZodType<CommandOverrides, CommandOverrides | undefined> = z
  .record(text, commandOverride)
  .default({})
  .describe('Changes to commands of plugins, by plugin/command or command')

/** The setting `answers`. */
export const answersSetting: z.ZodType<Filled<AnswerSettings>, AnswerSettings | undefined> = z
  .strictObject({
    refused: z.boolean().default(true).describe('Tell people that they may not use a command'),
    limited: z.boolean().default(true).describe('Tell people that they use a command too often'),
  })
  .prefault({})
  .describe('Which refusals are answered')
