import { z } from 'zod'

import { filterShape, idsSchema } from '../filter/schema.ts'
import type { Grant } from './grant.ts'

const grantWords = ['everyone', 'superuser', 'guild-owner', 'guild-admin', 'direct'] as const
const person = /^[^:]+:./

const grant = z.union([
  z.enum(grantWords),
  z.string().regex(person, `expected ${grantWords.join(', ')} or a person, written platform:user`),
  z
    .lazy(() => z.strictObject({ ...filterShape(), role: idsSchema }))
    .refine(
      (rule) => Object.keys(rule).length > 0,
      'a rule without keys would fit everybody; write "everyone"',
    ),
]) as z.ZodType<Grant, Grant>

/** People, as a config names them. */
export const grantsSchema: z.ZodType<Grant | readonly Grant[], Grant | readonly Grant[]> = z
  .union([grant, z.array(grant)])
  .meta({ title: 'people' })

/** The setting `superusers`. */
export const superusersSetting: z.ZodType<readonly string[], readonly string[] | undefined> = z
  .array(z.string().regex(person, 'expected a person, written platform:user (onebot:10001)'))
  .default([])
  .describe('People who run the bot, as platform:user')

/** Who has which right. */
export type Rights = Readonly<Record<string, Grant | readonly Grant[]>>

/** The setting `rights`. */
export const rightsSetting: z.ZodType<Rights, Rights | undefined> = z
  .record(z.string().min(1), grantsSchema)
  .default({})
  .describe('Who has which right, by the name of the right')
