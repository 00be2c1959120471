import type { ColumnDeclaration, TableDeclaration, TableDeclarations } from './declaration.ts'
import { uniqueSets } from './declaration.ts'
import { invalidTable } from './errors.ts'
import type { Tables } from './table.ts'
import { problemOf } from './values.ts'

const tableName = /^[A-Za-z][A-Za-z0-9_]*$/
const columnName = /^[A-Za-z_][A-Za-z0-9_]*$/
/** In characters; PostgreSQL keeps 63 bytes. */
const longestColumn = 63
/** Names that PostgreSQL's own columns have, and SQLite's. */
const taken = new Set(['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid', 'rowid', 'oid'])

/**
 * The declarations of a plugin's tables, those first that others refer to.
 *
 * @throws MynahError `TABLE_INVALID` with the table and the column.
 */
export function declarationsOf(tables: Tables): TableDeclarations {
  const declarations = Object.entries(tables).map(([name, table]) => [name, table.declaration] as const)
  const byName = new Map(declarations)
  for (const [name, declaration] of declarations) checkTable(name, declaration, byName)
  return Object.fromEntries(inOrder(byName))
}

type ByName = ReadonlyMap<string, TableDeclaration>

function checkTable(name: string, declaration: TableDeclaration, tables: ByName): void {
  if (!tableName.test(name))
    throw invalidTable(name, 'a table is named with letters, digits and _, and begins with a letter.')
  const columns = Object.entries(declaration.columns)
  if (columns.length === 0) throw invalidTable(name, 'it has no columns.')
  const small = new Map<string, string>()
  for (const [column, declared] of columns) {
    const place = `${name}.${column}`
    const twin = small.get(column.toLowerCase())
    if (twin !== undefined)
      throw invalidTable(place, `"${twin}" is the same name; SQLite tells no upper case from lower case.`)
    small.set(column.toLowerCase(), column)
    checkColumnName(place, column)
    checkColumn(place, declared, tables)
  }
  checkSets(name, declaration)
}

function checkColumnName(place: string, column: string): void {
  if (!columnName.test(column))
    throw invalidTable(
      place,
      'a column is named with letters, digits and _, and does not begin with a digit.',
    )
  if (column.length > longestColumn)
    throw invalidTable(place, `a name has ${longestColumn} characters at most.`)
  if (taken.has(column.toLowerCase())) throw invalidTable(place, 'databases keep this name for themselves.')
}

function checkColumn(place: string, column: ColumnDeclaration, tables: ByName): void {
  if (column.default !== undefined) {
    if (column.default === null) throw invalidTable(place, 'the default null is written as .nullable().')
    const problem = problemOf(column.type, column.default)
    if (problem !== undefined) throw invalidTable(place, `its default does not fit: ${problem}`)
    if (column.defaultNow === true) throw invalidTable(place, 'it has two defaults.')
  }
  if (column.defaultNow === true && column.type !== 'time')
    throw invalidTable(place, 'only t.time() has .defaultNow().')
  if (column.nullable === true && column.primaryKey === true)
    throw invalidTable(place, 'a primary key cannot be null.')
  if (column.type === 'json' && (column.primaryKey === true || column.unique === true))
    throw invalidTable(place, 'databases do not compare JSON; it can be no key and not unique.')
  if (column.references !== undefined) checkReference(place, column, tables)
}

function checkReference(place: string, column: ColumnDeclaration, tables: ByName): void {
  const { table, column: name, onDelete } = column.references ?? { table: '', column: '' }
  const target = `"${table}.${name}"`
  const declaration = tables.get(table)
  if (declaration === undefined)
    throw invalidTable(place, `it refers to ${target}, and there is no such table.`)
  const referenced = declaration.columns[name]
  if (referenced === undefined)
    throw invalidTable(place, `it refers to ${target}, and there is no such column.`)
  if (referenced.type !== column.type)
    throw invalidTable(place, `it holds ${column.type}, and ${target} holds ${referenced.type}.`)
  const keys = [declaration.primaryKey, ...uniqueSets(declaration)]
  if (!keys.some((key) => key.join() === name))
    throw invalidTable(place, `${target} has to be a primary key or .unique() by itself.`)
  if (onDelete === 'set null' && column.nullable !== true)
    throw invalidTable(place, 'it becomes null on deletion, so it has to be .nullable().')
}

function checkSets(name: string, declaration: TableDeclaration): void {
  const { columns, primaryKey, unique, index } = declaration
  const ids = Object.entries(columns).filter(([, column]) => column.id === true)
  const [id, second] = ids.map(([column]) => column)
  if (second !== undefined) throw invalidTable(`${name}.${second}`, `"${id}" is t.id() already.`)
  if (id !== undefined && primaryKey.join() !== id)
    throw invalidTable(`${name}.${id}`, 't.id() is the whole primary key.')
  const own = Object.keys(columns).filter((column) => columns[column]?.primaryKey === true)
  if (own.some((column) => !primaryKey.includes(column)))
    throw invalidTable(`${name}.${own[0]}`, 'the primary key is declared twice, and the two differ.')
  for (const set of [primaryKey, ...unique, ...index]) {
    for (const column of set) checkKeyColumn(`${name}.${column}`, columns[column], index.includes(set))
    if (new Set(set).size < set.length) throw invalidTable(name, `[${set.join(', ')}] names a column twice.`)
  }
  if ([...unique, ...index].some((set) => set.length === 0))
    throw invalidTable(name, 'an index has at least one column.')
  for (const column of primaryKey)
    if (columns[column]?.nullable === true)
      throw invalidTable(`${name}.${column}`, 'a primary key cannot be null.')
}

function checkKeyColumn(place: string, column: ColumnDeclaration | undefined, index: boolean): void {
  if (column === undefined) throw invalidTable(place, 'there is no such column.')
  if (column.type === 'json')
    throw invalidTable(place, `databases do not compare JSON; it can be in no ${index ? 'index' : 'key'}.`)
}

/** Tables come after those that they refer to. */
function inOrder(tables: ByName): [string, TableDeclaration][] {
  const done = new Map<string, TableDeclaration>()
  const visit = (name: string, path: readonly string[]): void => {
    const declaration = tables.get(name)
    if (declaration === undefined || done.has(name)) return
    if (path.includes(name))
      throw invalidTable(name, `${[...path, name].join(' → ')} refer to each other in a circle.`)
    for (const target of referenced(declaration)) if (target !== name) visit(target, [...path, name])
    done.set(name, declaration)
  }
  for (const name of tables.keys()) visit(name, [])
  return Array.from(done)
}

function referenced(declaration: TableDeclaration): string[] {
  return Object.values(declaration.columns).flatMap(({ references }) => references?.table ?? [])
}
