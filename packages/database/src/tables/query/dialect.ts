import { MynahError } from '@mynah/core'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  PostgresAdapter,
  type QueryCompiler,
  type QueryResult,
  RawNode,
  SelectQueryNode,
  type TransactionSettings,
} from 'kysely'

import type { Engine, Result, Statement } from '../../engine/engine.ts'
import type { Outer } from '../../engine/nesting.ts'
import type { Catalog } from './catalog.ts'
import { isTyped, TableQueryCompiler } from './compiler.ts'
import { HeldTransaction } from './held-transaction.ts'
import { parameterOf } from './parameters.ts'

/** Kysely over an {@link Engine}, for the tables of one plugin. */
export class TablesDialect implements Dialect {
  readonly #engine: Engine
  readonly #catalog: Catalog

  constructor(engine: Engine, catalog: Catalog) {
    this.#engine = engine
    this.#catalog = catalog
  }

  createDriver(): Driver {
    return new EngineDriver(this.#engine)
  }

  createQueryCompiler(): QueryCompiler {
    return new TableQueryCompiler(this.#engine.kind, this.#catalog)
  }

  createAdapter(): DialectAdapter {
    return new PostgresAdapter()
  }

  createIntrospector(): DatabaseIntrospector {
    const refuse = (): Promise<never> =>
      Promise.reject(unsupported('Tables are declared and not looked up; listTables() tells their names.'))
    return { getSchemas: refuse, getTables: refuse, getMetadata: refuse }
  }
}

function unsupported(detail: string): MynahError {
  return new MynahError('QUERY_UNSUPPORTED', detail)
}

class EngineConnection implements DatabaseConnection {
  readonly #engine: Engine
  #transaction: HeldTransaction | undefined
  #outer: Outer | undefined

  constructor(engine: Engine) {
    this.#engine = engine
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, changes } = await this.#run(query)
    return { rows: rows as unknown as R[], numAffectedRows: BigInt(changes) }
  }

  // oxlint-disable-next-line require-yield
  async *streamQuery(): AsyncGenerator<never> {
    throw unsupported(
      'Rows are not streamed. Read them in pages: .where("id", ">", last).orderBy("id").limit(500).',
    )
  }

  async begin(): Promise<void> {
    // Before anything is awaited: what Kysely calls after this goes on from here.
    const outer = this.#engine.nesting.enter()
    this.#transaction = await HeldTransaction.begin(this.#engine)
    outer.isOpen = true
    this.#outer = outer
  }

  async commit(): Promise<void> {
    await this.#ended()?.commit()
  }

  async rollback(): Promise<void> {
    await this.#ended()?.rollback()
  }

  #ended(): HeldTransaction | undefined {
    const transaction = this.#transaction
    this.#transaction = undefined
    if (this.#outer !== undefined) this.#outer.isOpen = false
    return transaction
  }

  async #run(query: CompiledQuery): Promise<Result> {
    const statement = statementOf(query)
    if (this.#transaction !== undefined) return this.#transaction.run(statement)
    if (reads(query)) return this.#engine.read(statement)
    const [result = { rows: [], changes: 0 }] = await this.#engine.write(statement)
    return result
  }
}

function statementOf(query: CompiledQuery): Statement {
  const parameters = query.parameters.map(parameterOf)
  return { sql: query.sql, parameters, types: isTyped(query) ? query.types : {} }
}

/** Whether a query changes nothing. */
function reads({ query }: CompiledQuery): boolean {
  if (RawNode.is(query)) return /^\s*(select|values)\b/i.test(query.sqlFragments[0] ?? '')
  if (!SelectQueryNode.is(query)) return false
  return query.with?.expressions.every(({ expression }) => SelectQueryNode.is(expression)) ?? true
}

class EngineDriver implements Driver {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  async init(): Promise<void> {}

  acquireConnection(): Promise<EngineConnection> {
    return Promise.resolve(new EngineConnection(this.#engine))
  }

  beginTransaction(connection: EngineConnection, settings: TransactionSettings): Promise<void> {
    if (settings.isolationLevel !== undefined || settings.accessMode !== undefined)
      return Promise.reject(unsupported('Transactions have one isolation level here; leave the setting out.'))
    return connection.begin()
  }

  commitTransaction(connection: EngineConnection): Promise<void> {
    return connection.commit()
  }

  rollbackTransaction(connection: EngineConnection): Promise<void> {
    return connection.rollback()
  }

  async releaseConnection(): Promise<void> {}

  /** The engine is not the plugin's. */
  async destroy(): Promise<void> {}
}
