import {
  AliasNode,
  type CommonTableExpressionNode,
  DeleteQueryNode,
  IdentifierNode,
  InsertQueryNode,
  JoinNode,
  ListNode,
  type OperationNode,
  ParensNode,
  ReferenceNode,
  ColumnNode,
  SelectAllNode,
  type SelectionNode,
  SelectQueryNode,
  TableNode,
  UpdateQueryNode,
  UsingNode,
  type WithNode,
} from 'kysely'

import type { Catalog } from './catalog.ts'
import { typeOfExpression } from './expression-types.ts'
import {
  columnsOf,
  derived,
  nullableColumns,
  Scope,
  type Source,
  type Typed,
  type TypedColumns,
} from './scope.ts'

/** A query with names of its own. */
export type QueryNode = SelectQueryNode | InsertQueryNode | UpdateQueryNode | DeleteQueryNode

/** Whether a node opens a scope. */
export function isQuery(node: OperationNode): node is QueryNode {
  return (
    SelectQueryNode.is(node) ||
    InsertQueryNode.is(node) ||
    UpdateQueryNode.is(node) ||
    DeleteQueryNode.is(node)
  )
}

/** Works out what the expressions of a query hold, from its nodes and the declarations. */
export class Inference {
  readonly #catalog: Catalog
  readonly #scopes = new Map<OperationNode, Scope>()
  readonly #realNames = new Map<TableNode, string>()

  constructor(catalog: Catalog) {
    this.#catalog = catalog
  }

  /** The names of a query. */
  scopeOf(node: QueryNode, parent: Scope | undefined): Scope {
    const known = this.#scopes.get(node)
    if (known !== undefined) return known
    const scope = new Scope(parent)
    this.#scopes.set(node, scope)
    if (node.with !== undefined) this.#addCtes(node.with, scope)
    for (const source of sourcesOf(node)) this.#addSource(source, scope, false)
    this.#addJoins(node, scope)
    if (InsertQueryNode.is(node) && node.into !== undefined) {
      const table = node.into.table.identifier.name
      scope.addSource('excluded', { columns: columnsOf(table, this.#catalog.declaration(table)) })
    }
    return scope
  }

  /** The name in the database of what stands in `from`; `undefined` before its scope is known, and elsewhere. */
  realNameOf(node: TableNode): string | undefined {
    return this.#realNames.get(node)
  }

  /** What an expression holds. */
  typeOf(node: OperationNode, scope: Scope | undefined): Typed {
    return typeOfExpression(node, {
      column: (name, table) => scope?.column(name, table) ?? { type: undefined, nullable: true },
      subquery: (query) => firstOf(this.resultOf(query, scope)),
    })
  }

  /** The columns that a query gives; `undefined` when one of its sources is not known. */
  resultOf(node: OperationNode, parent: Scope | undefined): TypedColumns {
    if (ParensNode.is(node)) return this.resultOf(node.node, parent)
    if (!isQuery(node)) return undefined
    const scope = this.scopeOf(node, parent)
    const selections = SelectQueryNode.is(node) ? node.selections : node.returning?.selections
    const columns = new Map<string, Typed>()
    for (const { selection } of selections ?? []) {
      const selected = this.#selected(selection, scope)
      if (selected === undefined) return undefined
      for (const [name, column] of selected) columns.set(name, column)
    }
    const united = SelectQueryNode.is(node) && node.setOperations !== undefined
    return united ? nullableColumns(derived(columns)) : columns
  }

  #selected(selection: SelectionNode['selection'], scope: Scope): TypedColumns {
    if (SelectAllNode.is(selection)) return allOf(scope)
    if (AliasNode.is(selection)) {
      if (!IdentifierNode.is(selection.alias)) return undefined
      return new Map([[selection.alias.name, this.typeOf(selection.node, scope)]])
    }
    if (ReferenceNode.is(selection) && SelectAllNode.is(selection.column))
      return selection.table === undefined
        ? allOf(scope)
        : scope.source(selection.table.table.identifier.name)?.columns
    const column = ColumnNode.is(selection) ? selection : selection.column
    return ColumnNode.is(column) ? new Map([[column.column.name, this.typeOf(selection, scope)]]) : undefined
  }

  #addCtes(node: WithNode, scope: Scope): void {
    for (const cte of node.expressions) {
      const name = cte.name.table.table.identifier.name
      if (node.recursive === true) scope.addCte(name, undefined)
      scope.addCte(name, named(cte, derived(this.resultOf(cte.expression, scope))))
    }
  }

  #addJoins(node: QueryNode, scope: Scope): void {
    const joins = InsertQueryNode.is(node) ? [] : (node.joins ?? [])
    for (const join of joins) {
      const { joinType } = join
      if (joinType === 'RightJoin' || joinType === 'FullJoin') scope.makeNullable()
      this.#addSource(join.table, scope, /^(Left|LateralLeft|Full)/.test(joinType))
    }
  }

  #addSource(node: OperationNode, scope: Scope, nullable: boolean): void {
    if (ListNode.is(node)) return node.items.forEach((item) => this.#addSource(item, scope, nullable))
    if (UsingNode.is(node)) return node.tables.forEach((item) => this.#addSource(item, scope, nullable))
    if (JoinNode.is(node)) return this.#addSource(node.table, scope, nullable)
    const source = this.#source(node, scope)
    if (source === undefined) return
    const [name, { realName, columns }] = source
    scope.addSource(name, { realName, columns: nullable ? nullableColumns(columns) : columns })
  }

  #source(node: OperationNode, scope: Scope): [string, Source] | undefined {
    if (TableNode.is(node)) return [node.table.identifier.name, this.#tableSource(node, scope)]
    if (!AliasNode.is(node) || !IdentifierNode.is(node.alias)) return undefined
    const columns = TableNode.is(node.node)
      ? this.#tableSource(node.node, scope).columns
      : derived(this.resultOf(node.node, scope))
    return [node.alias.name, { columns }]
  }

  #tableSource(node: TableNode, scope: Scope): Source {
    const name = node.table.identifier.name
    const cte = scope.hasCte(name)
    const realName = cte ? name : this.#catalog.realName(name)
    this.#realNames.set(node, realName)
    const columns = cte ? scope.cte(name) : columnsOf(name, this.#catalog.declaration(name))
    return { realName, columns }
  }
}

function sourcesOf(node: QueryNode): readonly OperationNode[] {
  if (SelectQueryNode.is(node)) return node.from?.froms ?? []
  if (InsertQueryNode.is(node)) return node.into === undefined ? [] : [node.into]
  if (UpdateQueryNode.is(node))
    return [...(node.table === undefined ? [] : [node.table]), ...(node.from?.froms ?? [])]
  return [...node.from.froms, ...(node.using === undefined ? [] : [node.using])]
}

function allOf(scope: Scope): TypedColumns {
  const columns = new Map<string, Typed>()
  for (const source of scope.sources()) {
    if (source.columns === undefined) return undefined
    for (const [name, column] of source.columns) columns.set(name, column)
  }
  return columns
}

function firstOf(columns: TypedColumns): Typed {
  const [first] = columns?.values() ?? []
  return { type: first?.type, nullable: true }
}

/** A common table expression can name its columns anew. */
function named(cte: CommonTableExpressionNode, columns: TypedColumns): TypedColumns {
  const names = cte.name.columns
  if (names === undefined || columns === undefined) return columns
  const values = Array.from(columns.values())
  return new Map(
    names.map(({ column }, at) => [column.name, values[at] ?? { type: undefined, nullable: true }]),
  )
}
