import type { Result, Statement } from '../engine/engine.ts'

/** What a thread does with the database. */
export interface ThreadData {
  /** The file, or `:memory:`. */
  readonly path: string
  /** Only one thread writes. */
  readonly role: 'writer' | 'reader'
}

/** What the bot asks a thread for. */
export type Request =
  | { readonly id: number; readonly kind: 'open' | 'begin' | 'commit' | 'rollback' | 'close' }
  /** From here on, a reader sees everything as it is now. */
  | { readonly id: number; readonly kind: 'snapshot' }
  /** The tables have changed: forget the statements that were prepared before. */
  | { readonly id: number; readonly kind: 'forget' }
  /** Outside of a transaction, or as a step of the one that has begun. */
  | { readonly id: number; readonly kind: 'read' | 'step'; readonly statement: Statement }
  | { readonly id: number; readonly kind: 'write'; readonly statements: readonly Statement[] }

/** A request without its number. */
export type Ask = Request extends infer R ? (R extends Request ? Omit<R, 'id'> : never) : never

/** An error as it crosses from one thread to the other. */
export interface Fault {
  readonly message: string
  /** Code of SQLite, or of Node, or one of our own. */
  readonly code: string | number | undefined
  /** The statement that failed. */
  readonly sql: string | undefined
}

/** What a thread answers. */
export type Reply =
  | { readonly id: number; readonly results: readonly Result[] }
  | { readonly id: number; readonly fault: Fault }
