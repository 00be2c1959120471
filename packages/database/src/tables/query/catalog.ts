import type { TableDeclaration, TableDeclarations } from '../declaration.ts'
import { realTableName } from '../names.ts'

/** The tables that the queries of one plugin may name. */
export class Catalog {
  readonly #owner: string
  readonly #declarations: ReadonlyMap<string, TableDeclaration>

  constructor(owner: string, declarations: TableDeclarations) {
    this.#owner = owner
    this.#declarations = new Map(Object.entries(declarations))
  }

  /** The name of a table in the database. */
  realName(table: string): string {
    return realTableName(this.#owner, table)
  }

  /** The declaration of a table; `undefined` for one of an older version, in a numbered step. */
  declaration(table: string): TableDeclaration | undefined {
    return this.#declarations.get(table)
  }
}
