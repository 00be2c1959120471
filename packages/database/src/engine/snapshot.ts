import type { Engine, Row, Statement } from './engine.ts'

/** A database as it was at one moment, whatever is written meanwhile. */
export interface Snapshot {
  readonly kind: Engine['kind']
  readonly place: string
  /** Reads. @throws DatabaseError */
  read(statement: Statement): Promise<readonly Row[]>
  /** Lets go of it. */
  close(): Promise<void>
}
