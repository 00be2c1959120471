import type { Engine } from '../../engine/engine.ts'
import { Ddl } from './ddl.ts'
import { lockRecord, readRecords, recordStatements, type StoredTable } from './record.ts'

/** All tables that plugins have in a database, also those of plugins that are gone. */
export async function listTables(engine: Engine): Promise<readonly StoredTable[]> {
  const records = await readRecords(engine.kind, async (statement) => (await engine.read(statement)).rows)
  return Array.from(records).flatMap(([plugin, { tables }]) =>
    Object.entries(tables).map(([name, declaration]) => ({ plugin, name, declaration })),
  )
}

/**
 * Drops the tables of a plugin with all that is in them.
 *
 * @param beforeLoss - Called before that where there are some, which is the moment to make a copy.
 * @returns The names of the tables that are gone.
 */
export async function dropTables(
  engine: Engine,
  plugin: string,
  beforeLoss: () => Promise<unknown>,
): Promise<readonly string[]> {
  const stored = await listTables(engine)
  if (stored.some((table) => table.plugin === plugin)) await beforeLoss()
  return engine.transaction(async (transaction) => {
    const { tables } = await lockRecord(engine.kind, transaction, plugin)
    const ddl = new Ddl(engine.kind, plugin)
    // What refers to others goes before them.
    const names = Object.keys(tables).reverse()
    for (const name of names) await transaction.run(ddl.dropTable(name))
    for (const statement of recordStatements(plugin, { tables: {}, version: 1 }))
      await transaction.run(statement)
    return names
  })
}
