import type { ServiceHolder } from '@mynah/core'
import type { Kysely } from 'kysely'

import type { Engine } from '../engine/engine.ts'
import { invalidTable } from './errors.ts'
import type { Migrations } from './migrate/steps.ts'
import type * as Queries from './open.ts'
import type { DB, Tables } from './table.ts'

/** What a plugin declares about its tables. */
interface Declared {
  readonly tables: Tables
  readonly migrations: Migrations
}

/** The tables of all plugins. What queries them is loaded when the first plugin with tables starts. */
export class TablesService {
  readonly #engine: Engine
  readonly #mode: 'development' | 'production'
  readonly #tell: (line: string) => void
  readonly #copy: (plugin: string) => Promise<void>
  #queries: typeof Queries | undefined

  /**
   * @param tell - Says what was changed, to an operator.
   * @param copy - Copies everything before steps of a plugin change its tables.
   */
  constructor(
    engine: Engine,
    mode: 'development' | 'production',
    tell: (line: string) => void,
    copy: (plugin: string) => Promise<void>,
  ) {
    this.#engine = engine
    this.#mode = mode
    this.#tell = tell
    this.#copy = copy
  }

  /**
   * Makes the tables that a plugin declares.
   *
   * @throws MynahError `TABLE_INVALID`, `MIGRATION_NEEDED` or `MIGRATION_FAILED`; nothing was changed then.
   */
  async prepare({ name, declares }: ServiceHolder): Promise<void> {
    this.#queries ??= await import('./open.ts')
    const { tables, migrations } = declaredBy(declares)
    // Who declares none may still have some, unless nothing was ever said of tables.
    if (declares.tables === undefined && declares.migrations === undefined) return
    const { migrateTables } = await import('./migrate/migrate.ts')
    const tell = (line: string): void => this.#tell(`Tables of ${name}: ${line}`)
    const beforeLoss = (): Promise<void> => this.#copy(name)
    const options = { tables, migrations, mode: this.#mode, tell, beforeLoss }
    const done = await migrateTables(this.#engine, name, options)
    if (done.length > 0) tell(done.join(', '))
  }

  /** Queries on the tables of a plugin, which {@link prepare} has made ready. */
  of({ name, declares }: ServiceHolder): Kysely<DB<Tables>> {
    if (this.#queries === undefined) throw new Error(`Tables of ${name} were not made ready.`)
    return this.#queries.queryTables(this.#engine, name, declaredBy(declares).tables)
  }
}

/** @throws MynahError `TABLE_INVALID` for what was not made with `table()`. */
function declaredBy({ tables = {}, migrations = {} }: ServiceHolder['declares']): Declared {
  if (!isTables(tables)) {
    throw invalidTable(
      'tables',
      'it is a record of what table() has made, such as { wallets: table({ … }) }.',
    )
  }
  if (!isSteps(migrations)) {
    throw invalidTable('migrations', 'it is a record of functions by number, such as { 2: async (db) => … }.')
  }
  return { tables, migrations }
}

function isTables(value: unknown): value is Tables {
  return isRecord(value) && Object.values(value).every((one) => isRecord(one) && isRecord(one['declaration']))
}

function isSteps(value: unknown): value is Migrations {
  return isRecord(value) && Object.values(value).every((step) => typeof step === 'function')
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
