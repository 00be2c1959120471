import { MynahError } from '@mynah/core'

declare module '@mynah/core' {
  interface ErrorCodes {
    /** A declaration of tables that no database could hold. */
    TABLE_INVALID: true
    /** A value that its column cannot hold. */
    VALUE_INVALID: true
    /** A query that is not there on both engines. */
    QUERY_UNSUPPORTED: true
    /** Declarations changed in a way that needs a numbered step. */
    MIGRATION_NEEDED: true
    /** A numbered step failed; nothing of it was kept. */
    MIGRATION_FAILED: true
  }
}

/** A declaration that cannot be; `place` is the table and column that it is about. */
export function invalidTable(place: string, problem: string): MynahError {
  return new MynahError('TABLE_INVALID', `The declaration of "${place}" is not valid: ${problem}`)
}

/** A value that does not go into its column. */
export function invalidValue(place: string, problem: string): MynahError {
  return new MynahError('VALUE_INVALID', `"${place}" cannot hold this value: ${problem}`)
}
