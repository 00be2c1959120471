import {
  AliasNode,
  ColumnNode,
  DefaultInsertValueNode,
  IdentifierNode,
  type InsertQueryNode,
  type OperationNode,
  SelectionNode,
  SelectQueryNode,
  ValueListNode,
  ValueNode,
  ValuesNode,
} from 'kysely'

import type { ValueType } from '../../engine/engine.ts'
import type { ColumnDeclaration, TableDeclaration } from '../declaration.ts'
import { invalidValue } from '../errors.ts'
import { encodedInto, isParameter } from './parameters.ts'

/**
 * The same insertion with the defaults of all columns that it leaves out, and with values as parameters of their
 * columns. A changed default needs no change of the table so, and what is left out of one of many rows is the same on
 * both engines.
 *
 * @throws MynahError `VALUE_INVALID` for a value that its column cannot hold, or that is missing.
 */
export function completeInsert(
  node: InsertQueryNode,
  table: string,
  declaration: TableDeclaration,
  casts: Map<OperationNode, ValueType>,
): InsertQueryNode {
  const { defaultValues, ...rest } = node
  const named = (node.columns ?? []).map(({ column }) => column.name)
  const missing = Object.keys(declaration.columns).filter(
    (name) => !named.includes(name) && hasDefault(declaration.columns[name]),
  )
  const columns = [...(node.columns ?? []), ...missing.map((name) => ColumnNode.create(name))]
  const defaults = missing.map((name) => defaultOf(`${table}.${name}`, declaration.columns[name]))
  if (defaultValues === true) {
    if (missing.length === 0) return node
    return { ...rest, columns, values: ValuesNode.create([ValueListNode.create(defaults)]) }
  }
  const { values } = node
  if (values === undefined || node.columns === undefined) return node
  if (SelectQueryNode.is(values)) {
    const selected = new SelectedInsert(table, declaration, named, missing, casts)
    return { ...node, columns, values: selected.complete(values) }
  }
  if (!ValuesNode.is(values)) return node
  refuseMissing(table, declaration, columns)
  const rows = values.values.map((row) => {
    const given: readonly OperationNode[] = ValueListNode.is(row)
      ? row.values
      : row.values.map((value) => ValueNode.create(value))
    const values = given.map((value, at) => stored(table, named[at] ?? '', declaration, value))
    return ValueListNode.create([...values, ...defaults])
  })
  return { ...node, columns, values: ValuesNode.create(rows) }
}

function stored(
  table: string,
  name: string,
  declaration: TableDeclaration,
  value: OperationNode,
): OperationNode {
  const column = declaration.columns[name]
  const place = `${table}.${name}`
  if (column === undefined) return value
  if (DefaultInsertValueNode.is(value)) return defaultOf(place, column)
  return encodedInto({ type: column.type, nullable: column.nullable === true, place }, value)
}

function hasDefault(column: ColumnDeclaration | undefined): boolean {
  return column?.default !== undefined || column?.defaultNow === true
}

/** @throws MynahError `VALUE_INVALID` where there is no default */
function defaultOf(place: string, column: ColumnDeclaration | undefined): OperationNode {
  if (column === undefined || column.id === true) return DefaultInsertValueNode.create()
  const { type, nullable = false } = column
  const value = column.defaultNow === true ? new Date() : (column.default ?? null)
  if (value === null && !nullable) throw missingValue(place)
  return encodedInto({ type, nullable, place }, ValueNode.create(value))
}

function refuseMissing(table: string, declaration: TableDeclaration, columns: readonly ColumnNode[]): void {
  const named = new Set(columns.map(({ column }) => column.name))
  for (const [name, column] of Object.entries(declaration.columns))
    if (!named.has(name) && column.nullable !== true && column.id !== true)
      throw missingValue(`${table}.${name}`)
}

function missingValue(place: string): Error {
  return invalidValue(place, 'it has no default and is not .nullable(), and nothing is given.')
}

/** An insertion of what a query selects: it selects the defaults too, in each part of a union. */
class SelectedInsert {
  readonly #table: string
  readonly #declaration: TableDeclaration
  readonly #named: readonly string[]
  readonly #missing: readonly string[]
  readonly #casts: Map<OperationNode, ValueType>

  constructor(
    table: string,
    declaration: TableDeclaration,
    named: readonly string[],
    missing: readonly string[],
    casts: Map<OperationNode, ValueType>,
  ) {
    this.#table = table
    this.#declaration = declaration
    this.#named = named
    this.#missing = missing
    this.#casts = casts
  }

  complete(node: SelectQueryNode): SelectQueryNode {
    const given = (node.selections ?? []).map((selection, at) =>
      this.#given(selection, this.#named[at] ?? ''),
    )
    const added = this.#missing.map((name) => {
      const value = defaultOf(`${this.#table}.${name}`, this.#declaration.columns[name])
      return this.#selection(value, name, IdentifierNode.create(name))
    })
    const selections = [...given, ...added]
    if (node.setOperations === undefined) return { ...node, selections }
    const setOperations = node.setOperations.map((operation) =>
      SelectQueryNode.is(operation.expression)
        ? { ...operation, expression: this.complete(operation.expression) }
        : operation,
    )
    return { ...node, selections, setOperations }
  }

  #given(node: SelectionNode, name: string): SelectionNode {
    const { selection } = node
    if (!AliasNode.is(selection) || !isParameter(selection.node)) return node
    const value = stored(this.#table, name, this.#declaration, selection.node)
    return this.#selection(value, name, selection.alias)
  }

  #selection(value: OperationNode, name: string, alias: OperationNode): SelectionNode {
    const type = this.#declaration.columns[name]?.type
    if (type !== undefined) this.#casts.set(value, type)
    return SelectionNode.create(AliasNode.create(value, alias))
  }
}
