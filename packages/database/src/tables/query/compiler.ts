import {
  type AggregateFunctionNode,
  type BinaryOperationNode,
  CastNode,
  type CompiledQuery,
  type DataTypeNode,
  type DefaultInsertValueNode,
  type OperationNode,
  OperatorNode,
  PostgresQueryCompiler,
  type QueryId,
  type RootOperationNode,
  type SelectModifierNode,
  type ValueNode,
} from 'kysely'

import type { Engine, Statement, ValueType } from '../../engine/engine.ts'
import { castType, columnType } from '../sql-types.ts'
import type { Catalog } from './catalog.ts'
import { typeOfDataType } from './expression-types.ts'
import { resolveQuery } from './resolver.ts'

/** A query as text, and what its columns hold. */
export interface TypedQuery extends CompiledQuery {
  /** What columns of the result hold that are no columns of a table. */
  readonly types: NonNullable<Statement['types']>
}

/** Whether a query was compiled here and not written as text. */
export function isTyped(query: CompiledQuery): query is TypedQuery {
  return 'types' in query
}

/** Writes queries of a plugin as text, the same for both engines but for a few words. */
export class TableQueryCompiler extends PostgresQueryCompiler {
  readonly #kind: Engine['kind']
  readonly #catalog: Catalog
  #casts: ReadonlyMap<OperationNode, ValueType> = new Map()

  constructor(kind: Engine['kind'], catalog: Catalog) {
    super()
    this.#kind = kind
    this.#catalog = catalog
  }

  override compileQuery(query: RootOperationNode, queryId: QueryId): CompiledQuery {
    const { node, casts, types } = resolveQuery(query, this.#catalog)
    this.#casts = casts
    const compiled: TypedQuery = { ...super.compileQuery(node, queryId), types }
    return compiled
  }

  protected override visitValue(node: ValueNode): void {
    // SQLite needs none, and its casts take JSON and bytes for numbers.
    const type = this.#kind === 'postgres' ? this.#casts.get(node) : undefined
    this.#inCast(type, () => super.visitValue(node))
  }

  protected override visitAggregateFunction(node: AggregateFunctionNode): void {
    this.#inCast(this.#casts.get(node), () => super.visitAggregateFunction(node))
  }

  protected override visitDataType(node: DataTypeNode): void {
    const type = typeOfDataType(node.dataType)
    const cast = this.parentNode !== undefined && CastNode.is(this.parentNode)
    if (type === undefined || (cast && (type === 'json' || type === 'bytes')))
      return super.visitDataType(node)
    this.append(cast ? castType(type) : columnType(this.#kind, type))
  }

  protected override visitDefaultInsertValue(node: DefaultInsertValueNode): void {
    if (this.#kind === 'postgres') return super.visitDefaultInsertValue(node)
    // Where an id is left out of one row of several.
    this.append('null')
  }

  /** `like` means on both what it means on SQLite: upper case is lower case, of ASCII. */
  protected override visitOperator(node: OperatorNode): void {
    const { operator } = node
    if (!isLike(node)) return super.visitOperator(node)
    const word = this.#kind === 'postgres' ? 'ilike' : 'like'
    this.append(operator.startsWith('not') ? `not ${word}` : word)
  }

  protected override visitBinaryOperation(node: BinaryOperationNode): void {
    super.visitBinaryOperation(node)
    // PostgreSQL has this by itself.
    if (this.#kind === 'sqlite' && isLike(node.operator)) this.append(" escape '\\'")
  }

  /** The writer of SQLite is one; nobody else has to be locked out. */
  protected override visitSelectModifier(node: SelectModifierNode): void {
    const locks = node.modifier !== undefined && lockModifiers.has(node.modifier)
    if (this.#kind === 'postgres' || !locks) super.visitSelectModifier(node)
  }

  #inCast(type: ValueType | undefined, visit: () => void): void {
    if (type === undefined) return visit()
    this.append('cast(')
    visit()
    this.append(` as ${castType(type)})`)
  }
}

const lockModifiers: ReadonlySet<string> = new Set([
  'ForUpdate',
  'ForNoKeyUpdate',
  'ForShare',
  'ForKeyShare',
  'NoWait',
  'SkipLocked',
])

function isLike(node: OperationNode): boolean {
  return OperatorNode.is(node) && /^(not )?i?like$/.test(node.operator)
}
