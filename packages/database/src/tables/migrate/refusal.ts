import { MynahError } from '@mynah/core'

import type { Obstacle } from './plan.ts'

/** The error for differences that take a numbered step, with the lines to write. */
export function migrationNeeded(
  owner: string,
  obstacles: readonly Obstacle[],
  newest: number,
  ran: readonly number[],
): MynahError {
  const step = ran.at(-1) ?? newest + 1
  const problems = obstacles.map(({ table, column, problem }) => {
    const place = column === undefined ? table : `${table}.${column}`
    return `"${place}" ${problem}.`
  })
  const where =
    ran.length > 0 ? `This is what step ${step} left; it has to do this, too:` : 'Write a step beside tables:'
  const lines = obstacles.flatMap(({ advice }) => advice.map((line) => `      ${line}`))
  const code = ['  migrations: {', `    ${step}: async (db) => {`, ...lines, '    },', '  },']
  return new MynahError(
    'MIGRATION_NEEDED',
    [`The tables of "${owner}" were not changed: data could be lost.`, ...problems, where, ...code].join(
      '\n',
    ),
  )
}

/** The error for a change that the database refused. */
export function migrationFailed(owner: string, sql: string, error: unknown): MynahError {
  const reason = error instanceof Error ? error.message : String(error)
  const hint = sql.startsWith('create unique index')
    ? ' Rows that are there hold the same values; mend them in a step, or leave .unique() out.'
    : ''
  return new MynahError(
    'MIGRATION_FAILED',
    `The tables of "${owner}" were not changed: ${reason} (in: ${sql})${hint}`,
    { cause: error },
  )
}
