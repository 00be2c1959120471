import type { Parameter, Statement } from './engine.ts'
import { DatabaseError } from './errors.ts'

/** Refuses what not every engine stores and gives back as it was. @throws DatabaseError `DATABASE_VALUE` */
export function checkParameters(statements: readonly Statement[]): void {
  for (const { sql, parameters } of statements) {
    for (let index = 0; index < parameters.length; index += 1) {
      const problem = problemOf(parameters[index])
      if (problem === undefined) continue
      throw new DatabaseError('DATABASE_VALUE', `$${index + 1} ${problem}, in: ${sql}`)
    }
  }
}

function problemOf(value: Parameter | undefined): string | undefined {
  if (typeof value === 'string') return value.includes('\0') ? 'has the character U+0000' : undefined
  if (typeof value === 'number') return Number.isNaN(value) ? 'is not a number' : undefined
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value ? undefined : 'has over 64 bits'
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'is no valid date' : undefined
  return value === undefined ? 'is undefined; null stands for nothing' : undefined
}
