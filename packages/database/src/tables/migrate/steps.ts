import { MynahError } from '@mynah/core'
import { Kysely } from 'kysely'

import type { Engine, Transaction } from '../../engine/engine.ts'
import { invalidTable } from '../errors.ts'
import { Catalog } from '../query/catalog.ts'
import { TablesDialect } from '../query/dialect.ts'

/** Tables as a numbered step finds them: of whatever version, so that columns hold what the step knows of them. */
export type StepTables = Record<string, Record<string, unknown>>

/**
 * Changes the tables of the version before to those of its own. It works in one transaction with everything else that
 * changes, and sees the tables as the step before left them.
 */
export type MigrationStep = (db: Kysely<StepTables>) => Promise<unknown>

/** Steps by number, from 2; a plugin begins with version 1. */
export type Migrations = Readonly<Record<number, MigrationStep>>

/** The steps of a plugin in order. */
export class Steps {
  readonly #steps: readonly (readonly [number, MigrationStep])[]

  /** @throws MynahError `TABLE_INVALID` when they are not numbered one after the other, from 2 or more */
  constructor(migrations: Migrations) {
    this.#steps = Object.entries(migrations)
      .map(([number, step]) => [Number(number), step] as const)
      .sort(([a], [b]) => a - b)
    const [first = 2] = this.#numbers()
    if (this.#numbers().some((number, at) => number !== first + at) || !Number.isInteger(first) || first < 2)
      throw invalidTable(
        'migrations',
        `steps are numbered one after the other, from 2, and these are ${this.#numbers().join(', ')}.`,
      )
  }

  #numbers(): number[] {
    return this.#steps.map(([number]) => number)
  }

  /** The version that the tables have behind all steps. */
  get newest(): number {
    return this.#steps.at(-1)?.[0] ?? 1
  }

  /** The steps that tables of a version have before them. @throws MynahError `MIGRATION_NEEDED` */
  after(version: number, owner: string): number[] {
    const pending = this.#numbers().filter((number) => number > version)
    const [first = version + 1] = pending
    if (version > this.newest)
      throw new MynahError(
        'MIGRATION_NEEDED',
        `The tables of "${owner}" are of version ${version}, and the plugin knows versions up to ${this.newest}. Install the newer plugin again, or restore the copy from before.`,
      )
    if (first > version + 1)
      throw new MynahError(
        'MIGRATION_NEEDED',
        `The tables of "${owner}" are of version ${version}, and step ${version + 1} is missing in migrations. Install a version of the plugin that has it first.`,
      )
    return pending
  }

  /** Runs one step. @throws MynahError `MIGRATION_FAILED` */
  async run(number: number, owner: string, engine: Engine, transaction: Transaction): Promise<void> {
    const step = this.#steps.find(([one]) => one === number)?.[1]
    const db = new Kysely<StepTables>({
      dialect: new TablesDialect(within(engine, transaction), new Catalog(owner, {})),
    })
    try {
      await step?.(db)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new MynahError(
        'MIGRATION_FAILED',
        `Step ${number} of "${owner}" failed, and nothing was changed: ${reason}`,
        { cause: error },
      )
    }
  }
}

/** A transaction in the place of an engine. */
function within(engine: Engine, transaction: Transaction): Engine {
  return {
    kind: engine.kind,
    place: engine.place,
    nesting: engine.nesting,
    isNew: engine.isNew,
    read: (statement) => transaction.run(statement),
    write: async (...statements) => {
      const results = []
      for (const statement of statements) results.push(await transaction.run(statement))
      return results
    },
    // A step is a transaction already, so this one is refused.
    transaction: (work) => engine.transaction(work),
    close: () => Promise.resolve(),
  }
}
