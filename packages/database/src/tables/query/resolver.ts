import {
  type AggregateFunctionNode,
  AliasNode,
  type BinaryOperationNode,
  type CaseNode,
  type ColumnUpdateNode,
  type CommonTableExpressionNameNode,
  type FunctionNode,
  type InsertQueryNode,
  type OperationNode,
  OperationNodeTransformer,
  type OrderByItemNode,
  type PrimitiveValueListNode,
  type QueryId,
  RawNode,
  type ReferenceNode,
  type RootOperationNode,
  type SelectionNode,
  SchemableIdentifierNode,
  type TableNode,
  type ValueNode,
} from 'kysely'

import type { Statement, ValueType } from '../../engine/engine.ts'
import type { Catalog } from './catalog.ts'
import { choosing, isArithmetic, isComparison } from './expression-types.ts'
import { Inference, isQuery } from './inference.ts'
import { completeInsert } from './insert.ts'
import { encodedFor, encodedInto, isParameter, parameterOf } from './parameters.ts'
import type { Scope, Typed } from './scope.ts'

/** A query with the names and parameters of the database. */
export interface Resolved {
  /** The query. */
  readonly node: RootOperationNode
  /** Expressions that have to be cast to mean the same on both engines, and to what. */
  readonly casts: ReadonlyMap<OperationNode, ValueType>
  /** What its columns hold, where engines do not know it by themselves. */
  readonly types: NonNullable<Statement['types']>
}

/** Turns a query of a plugin into one of the database. @throws MynahError `VALUE_INVALID` */
export function resolveQuery(node: RootOperationNode, catalog: Catalog): Resolved {
  const inference = new Inference(catalog)
  const resolver = new Resolver(catalog, inference)
  const resolved = resolver.transformNode(node)
  return { node: resolved, casts: resolver.casts, types: typesOf(node, inference) }
}

function typesOf(node: OperationNode, inference: Inference): Resolved['types'] {
  const types: Record<string, ValueType> = {}
  for (const [name, { type, plain }] of inference.resultOf(node, undefined) ?? []) {
    // PostgreSQL has one type for both kinds of integers.
    if (type !== undefined && (plain !== true || type === 'bigint')) types[name] = type
  }
  return types
}

class Resolver extends OperationNodeTransformer {
  readonly casts = new Map<OperationNode, ValueType>()
  readonly #catalog: Catalog
  readonly #inference: Inference
  #scope: Scope | undefined

  constructor(catalog: Catalog, inference: Inference) {
    super()
    this.#catalog = catalog
    this.#inference = inference
  }

  protected override transformNodeImpl<T extends OperationNode>(node: T, queryId?: QueryId): T {
    if (!isQuery(node)) return super.transformNodeImpl(node, queryId)
    const outer = this.#scope
    this.#scope = this.#inference.scopeOf(node, outer)
    const transformed = super.transformNodeImpl(node, queryId)
    this.#scope = outer
    return transformed
  }

  protected override transformTable(node: TableNode): TableNode {
    if (node.table.schema !== undefined) return node
    const name = node.table.identifier.name
    const decided = this.#inference.realNameOf(node)
    if (decided !== undefined) return renamed(node, decided)
    const source = this.#scope?.source(name)
    if (source !== undefined) return renamed(node, source.realName ?? name)
    return renamed(node, this.#catalog.realName(name))
  }

  protected override transformReference(node: ReferenceNode, queryId?: QueryId): ReferenceNode {
    const name = node.table?.table.identifier.name
    // An alias in raw text; a table that stands there is declared.
    if (name !== undefined && !this.#isNamed(name)) return node
    return super.transformReference(node, queryId)
  }

  #isNamed(name: string): boolean {
    return this.#scope?.source(name) !== undefined || this.#catalog.declaration(name) !== undefined
  }

  protected override transformCommonTableExpressionName(
    node: CommonTableExpressionNameNode,
  ): CommonTableExpressionNameNode {
    return node
  }

  protected override transformInsertQuery(node: InsertQueryNode, queryId?: QueryId): InsertQueryNode {
    const table = node.into?.table.identifier.name ?? ''
    const declaration = this.#catalog.declaration(table)
    const complete = declaration === undefined ? node : completeInsert(node, table, declaration, this.casts)
    return super.transformInsertQuery(complete, queryId)
  }

  protected override transformColumnUpdate(node: ColumnUpdateNode, queryId?: QueryId): ColumnUpdateNode {
    const value = encodedInto(this.#typeOf(node.column), node.value)
    return super.transformColumnUpdate({ ...node, value }, queryId)
  }

  protected override transformBinaryOperation(
    node: BinaryOperationNode,
    queryId?: QueryId,
  ): BinaryOperationNode {
    if (!isComparison(node.operator) && !isArithmetic(node.operator))
      return super.transformBinaryOperation(node, queryId)
    const { leftOperand: left, rightOperand: right } = node
    const leftOperand = isParameter(right) ? left : encodedFor(this.#typeOf(right), left)
    const rightOperand = isParameter(left) ? right : encodedFor(this.#typeOf(left), right)
    return super.transformBinaryOperation({ ...node, leftOperand, rightOperand }, queryId)
  }

  protected override transformSelection(node: SelectionNode, queryId?: QueryId): SelectionNode {
    const transformed = super.transformSelection(node, queryId)
    const before = node.selection
    const after = transformed.selection
    if (AliasNode.is(before) && AliasNode.is(after)) this.#cast(after.node, this.#typeOf(before.node).type)
    return transformed
  }

  protected override transformCase(node: CaseNode, queryId?: QueryId): CaseNode {
    const typed = this.#typeOf(node)
    const when = node.when?.map((one) =>
      one.result === undefined ? one : { ...one, result: encodedFor(typed, one.result) },
    )
    const last = node.else === undefined ? {} : { else: encodedFor(typed, node.else) }
    const transformed = super.transformCase(
      { ...node, ...(when === undefined ? {} : { when }), ...last },
      queryId,
    )
    for (const { result } of transformed.when ?? []) this.#cast(result, typed.type)
    this.#cast(transformed.else, typed.type)
    return transformed
  }

  protected override transformFunction(node: FunctionNode, queryId?: QueryId): FunctionNode {
    if (!choosing.has(node.func.toLowerCase())) return super.transformFunction(node, queryId)
    const typed = this.#typeOf(node)
    const given = node.arguments.map((argument) => encodedFor(typed, argument))
    const transformed = super.transformFunction({ ...node, arguments: given }, queryId)
    for (const argument of transformed.arguments) this.#cast(argument, typed.type)
    return transformed
  }

  protected override transformAggregateFunction(
    node: AggregateFunctionNode,
    queryId?: QueryId,
  ): AggregateFunctionNode {
    const transformed = super.transformAggregateFunction(node, queryId)
    const { type } = this.#typeOf(node)
    // PostgreSQL computes both with decimals, and divides them so.
    if ((node.func === 'sum' || node.func === 'avg') && type !== undefined) this.casts.set(transformed, type)
    return transformed
  }

  /** SQLite takes null for the smallest value, PostgreSQL for the largest. */
  protected override transformOrderByItem(node: OrderByItemNode, queryId?: QueryId): OrderByItemNode {
    const transformed = super.transformOrderByItem(node, queryId)
    if (node.nulls !== undefined || !this.#typeOf(node.orderBy).nullable) return transformed
    const direction =
      node.direction !== undefined && RawNode.is(node.direction) ? node.direction.sqlFragments : []
    return { ...transformed, nulls: direction.join('').toLowerCase() === 'desc' ? 'last' : 'first' }
  }

  protected override transformValue(node: ValueNode): ValueNode {
    if (node.immediate === true) return node
    const value = parameterOf(node.value)
    return value === node.value ? node : { ...node, value }
  }

  protected override transformPrimitiveValueList(node: PrimitiveValueListNode): PrimitiveValueListNode {
    return { ...node, values: node.values.map(parameterOf) }
  }

  #typeOf(node: OperationNode): Typed {
    return this.#inference.typeOf(node, this.#scope)
  }

  /** A parameter has the type of what stands around it, and there is nothing. */
  #cast(node: OperationNode | undefined, type: ValueType | undefined): void {
    if (node === undefined || type === undefined || !isParameter(node) || node.value === null) return
    if (!this.casts.has(node)) this.casts.set(node, type)
  }
}

function renamed(node: TableNode, name: string): TableNode {
  return { ...node, table: SchemableIdentifierNode.create(name) }
}
