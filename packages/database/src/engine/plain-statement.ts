import type { Statement } from './engine.ts'

/** A statement without parameters. */
export function plainStatement(sql: string): Statement {
  return { sql, parameters: [] }
}
