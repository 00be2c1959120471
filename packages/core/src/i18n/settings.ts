import { z } from 'zod'

import { filterSchema } from '../filter/schema.ts'
import type { LocaleRules } from './locale-table.ts'
import { localeProblem } from './locale-name.ts'
import type { TextTables } from './translator.ts'

const text = z.string().min(1)
const locale = text.superRefine((value, context) => {
  const message = localeProblem(value)
  if (message !== undefined) context.addIssue({ code: 'custom', message })
})

/** The setting `locale`. */
export const localeSetting: z.ZodType<string, string | undefined> = locale
  .default('en')
  .describe('Language of texts when nothing tells better')

/** The setting `locales`. */
export const localesSetting: z.ZodType<LocaleRules, LocaleRules | undefined> = z
  .record(locale, z.union([filterSchema, z.array(filterSchema)]))
  .default({})
  .describe('Languages by who speaks them')

/** The setting `texts`. */
export const textsSetting: z.ZodType<TextTables, TextTables | undefined> = z
  .record(locale, z.record(text, z.string()))
  .default({})
  .describe('Texts by language in place of built-in ones and those of plugins')
