import type { MynahError } from '@mynah/core'

import type { Engine, Statement, Transaction } from '../../engine/engine.ts'
import { declarationsOf } from '../check-tables.ts'
import { declarationText, type TableDeclaration, type TableDeclarations } from '../declaration.ts'
import type { Tables } from '../table.ts'
import { Ddl } from './ddl.ts'
import { introspect } from './introspect.ts'
import { type Change, describeChange, type Obstacle, planTables, type Remedy } from './plan.ts'
import { lockRecord, readRecord, recordStatements, type SchemaRecord } from './record.ts'
import { migrationFailed, migrationNeeded } from './refusal.ts'
import { describeRemedy, Remedies } from './remedies.ts'
import { type Migrations, Steps } from './steps.ts'

/** The tables that a plugin wants. */
export interface MigrationOptions<T extends Tables = Tables> {
  /** The declared tables by name. */
  tables: T
  /** What changes tables in ways that could lose data, by number from 2. @defaultValue none */
  migrations?: Migrations
  /**
   * In `'development'` a table or a column without any value is dropped or made anew when its declaration changes.
   * In `'production'` that takes a numbered step.
   *
   * @defaultValue 'production'
   */
  mode?: 'production' | 'development'
  /** Is told which step begins, and again and again how long it has taken. @defaultValue nobody */
  tell?: (line: string) => void
  /** Called before anything that can lose data, which is the moment to make a copy. @defaultValue nothing */
  beforeLoss?: () => Promise<void>
}

/**
 * Makes the tables of a plugin those of its declarations. What is new is made by itself, together and at once; what
 * could lose data takes a numbered step. Where nothing changed it reads one table and writes nothing.
 *
 * @param owner - The plugin's place in the bot, such as `dice` or `dice:second`; each has tables of its own.
 * @returns What was done, in words: `create wallets`, `add wallets.level`, `step 2`.
 * @throws MynahError `TABLE_INVALID`, `MIGRATION_NEEDED` or `MIGRATION_FAILED`; nothing was changed then.
 */
export async function migrateTables(
  engine: Engine,
  owner: string,
  options: MigrationOptions,
): Promise<readonly string[]> {
  const migration = new Migration(engine, owner, options)
  const stored = await readRecord(engine, owner)
  if (stored !== undefined && migration.isDone(stored)) return []
  if (stored !== undefined && migration.pending(stored).length > 0) await options.beforeLoss?.()
  return engine.transaction((transaction) => migration.run(transaction), { limitMs: migrationMs })
}

/** How long all changes of one plugin may take together, in ms: steps may go over many rows. */
const migrationMs = 3_600_000

/**
 * Tells what {@link migrateTables} would do, and changes nothing. What steps leave to do is only known when they have
 * run.
 *
 * @throws MynahError `TABLE_INVALID` or `MIGRATION_NEEDED`, as it would.
 */
export async function planMigration(
  engine: Engine,
  owner: string,
  options: MigrationOptions,
): Promise<readonly string[]> {
  const migration = new Migration(engine, owner, options)
  return migration.words((await readRecord(engine, owner)) ?? { tables: {}, version: 1 })
}

class Migration {
  readonly #engine: Engine
  readonly #owner: string
  readonly #now: TableDeclarations
  readonly #steps: Steps
  readonly #development: boolean
  readonly #tell: (line: string) => void
  readonly #ddl: Ddl

  constructor(engine: Engine, owner: string, options: MigrationOptions) {
    this.#engine = engine
    this.#owner = owner
    this.#now = declarationsOf(options.tables)
    this.#steps = new Steps(options.migrations ?? {})
    this.#tell = options.tell ?? (() => {})
    this.#development = options.mode === 'development'
    this.#ddl = new Ddl(engine.kind, owner)
  }

  /** Whether the tables are those of the declarations. */
  isDone(stored: SchemaRecord): boolean {
    const names = Object.keys(this.#now)
    return (
      names.length === Object.keys(stored.tables).length &&
      (names.length === 0 || stored.version === this.#steps.newest) &&
      names.every((name) => textOf(stored.tables[name]) === textOf(this.#now[name]))
    )
  }

  /** The steps that are still to run; a plugin without tables begins behind all of them. */
  pending(stored: SchemaRecord): number[] {
    return Object.keys(stored.tables).length === 0 ? [] : this.#steps.after(stored.version, this.#owner)
  }

  words(stored: SchemaRecord): string[] {
    const pending = this.pending(stored)
    if (pending.length > 0) return pending.map(describeStep)
    const { changes, obstacles } = planTables(this.#engine.kind, stored.tables, this.#now)
    if (obstacles.length > 0 && !this.#development) throw this.#refused(obstacles, [])
    const ways = obstacles.map((obstacle) => `${describeRemedy(obstacle)}, if nothing is lost by it`)
    return [...ways, ...changes.map(describeChange)]
  }

  async run(transaction: Transaction): Promise<readonly string[]> {
    // Another process may have been faster.
    const stored = await lockRecord(this.#engine.kind, transaction, this.#owner)
    if (this.isDone(stored)) return []
    const pending = this.pending(stored)
    const before = pending.length > 0 ? await this.#runSteps(pending, stored, transaction) : stored.tables
    const { changes, obstacles } = planTables(this.#engine.kind, before, this.#now)
    const remedies = new Remedies(this.#ddl, before, this.#now, transaction)
    const kinds: readonly Remedy[] = pending.length > 0 ? ['forbid-null'] : []
    const { ways, left } = await remedies.ways(obstacles, this.#development ? 'all' : kinds)
    if (left.length > 0) throw this.#refused(left, pending)
    const anew = new Set(ways.filter(({ remedy }) => remedy === 'recreate-table').map(({ table }) => table))
    const rest = changes.filter(({ table }) => !anew.has(table))
    const drops = rest.filter(({ kind }) => kind === 'drop-index')
    const others = rest.filter(({ kind }) => kind !== 'drop-index')
    await this.#execute(
      [
        ...drops.flatMap((change) => this.#statements(change)),
        ...ways.flatMap((way) => remedies.statements(way)),
        ...others.flatMap((change) => this.#statements(change)),
        ...recordStatements(this.#owner, { tables: this.#now, version: this.#steps.newest }),
      ],
      transaction,
    )
    return [...pending.map(describeStep), ...ways.map(describeRemedy), ...rest.map(describeChange)]
  }

  /** Indexes would stand in the way of columns; they go first, and the end makes them anew. */
  async #runSteps(
    pending: readonly number[],
    stored: SchemaRecord,
    transaction: Transaction,
  ): Promise<TableDeclarations> {
    await this.#execute(this.#ddl.dropIndexes(stored.tables), transaction)
    for (const step of pending) {
      const end = this.#followStep(step)
      await this.#steps.run(step, this.#owner, this.#engine, transaction).finally(end)
    }
    return introspect(this.#engine, transaction, this.#owner, stored.tables, this.#now)
  }

  /** Says that a step runs, for as long as it does. @returns Ends that. */
  #followStep(step: number): () => void {
    const start = performance.now()
    this.#tell(`${describeStep(step)} begins`)
    const timer = setInterval(() => {
      const seconds = Math.round((performance.now() - start) / 1000)
      this.#tell(`${describeStep(step)} has been running for ${seconds} s; all other writes wait for it`)
    }, tellMs)
    timer.unref()
    return () => clearInterval(timer)
  }

  #statements(change: Change): Statement[] {
    const { table } = change
    const declaration = this.#now[table] ?? nothing
    if (change.kind === 'create-table') return this.#ddl.createTable(table, declaration)
    if ('columns' in change)
      return change.kind === 'create-index'
        ? [this.#ddl.createIndex(table, change.index, change.columns)]
        : [this.#ddl.dropIndex(table, change.index, change.columns)]
    const column = declaration.columns[change.column] ?? { type: 'text' }
    if (change.kind === 'add-column') return [this.#ddl.addColumn(table, change.column, column)]
    return this.#ddl.allowNull(table, change.column, column)
  }

  async #execute(statements: readonly Statement[], transaction: Transaction): Promise<void> {
    for (const statement of statements) {
      try {
        await transaction.run(statement)
      } catch (error) {
        throw migrationFailed(this.#owner, statement.sql, error)
      }
    }
  }

  #refused(obstacles: readonly Obstacle[], pending: readonly number[]): MynahError {
    return migrationNeeded(this.#owner, obstacles, this.#steps.newest, pending)
  }
}

/** How often a step that runs is told of, in ms. */
const tellMs = 10_000

const nothing: TableDeclaration = { columns: {}, primaryKey: [], unique: [], index: [] }

function textOf(declaration: TableDeclaration | undefined): string | undefined {
  return declaration && declarationText(declaration)
}

function describeStep(step: number): string {
  return `step ${step}`
}
