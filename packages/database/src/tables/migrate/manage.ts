import type { Engine } from '../../engine/engine.ts'
import { Ddl } from './ddl.ts'
import { lockRecord, readAll, recordStatements, type StoredTable } from './record.ts'

/** All tables that plugins have in a database, also those of plugins that are gone. */
export function listTables(engine: Engine): Promise<readonly StoredTable[]> {
  return readAll(engine)
}

/**
 * Drops the tables of a plugin with all that is in them.
 *
 * @returns The names of the tables that are gone.
 */
export function dropTables(engine: Engine, plugin: string): Promise<readonly string[]> {
  return engine.transaction(async (transaction) => {
    const { tables } = await lockRecord(engine, transaction, plugin)
    const ddl = new Ddl(engine.kind, plugin)
    // What refers to others goes before them.
    const names = Object.keys(tables).reverse()
    for (const name of names) await transaction.run(ddl.dropTable(name))
    for (const statement of recordStatements(plugin, { tables: {}, version: 1 }))
      await transaction.run(statement)
    return names
  })
}
