import { z } from 'zod'

import type { FilterSpec } from './filter.ts'

/** Numbers of accounts and groups may stand without quotes, as long as all of their digits are kept. */
const id = z.union([z.string(), z.int().transform(String)])

/** Ids or other words, one or several. */
export const idsSchema: z.ZodType<string | string[] | undefined> = z.union([id, z.array(id)]).optional()

/** What a filter may say. */
export function filterShape(): Readonly<Record<keyof FilterSpec, z.ZodType>> {
  return {
    platform: idsSchema,
    bot: idsSchema,
    guild: idsSchema,
    channel: idsSchema,
    user: idsSchema,
    direct: z.boolean().optional(),
    any: z.array(filterSchema).optional(),
    not: filterSchema.optional(),
  }
}

/** The schema of a filter as it stands in a config. */
export const filterSchema: z.ZodType<FilterSpec, FilterSpec> = z.lazy(() =>
  z.strictObject(filterShape()),
) as z.ZodType<FilterSpec, FilterSpec>
