import type { ValueType } from '../engine/engine.ts'

/** What becomes of rows whose row they refer to is deleted; without it the deletion is refused. */
export type OnDelete = 'cascade' | 'set null' | 'restrict'

/** A column that another one has to be found in. */
export interface ReferenceDeclaration {
  /** The name of the table, as the plugin writes it. */
  readonly table: string
  /** Its column: the primary key, or a unique one. */
  readonly column: string
  /** What becomes of a row when that row goes. @defaultValue its deletion is refused */
  readonly onDelete?: OnDelete
}

/** One column as plain data. */
export interface ColumnDeclaration {
  /** What it holds. */
  readonly type: ValueType
  /** Whether the database counts it up by itself; it is the primary key then. */
  readonly id?: true
  /** Whether it is the primary key. */
  readonly primaryKey?: true
  /** Whether it may hold null. */
  readonly nullable?: true
  /** Whether no two rows hold the same. */
  readonly unique?: true
  /** What a row holds that was inserted without it. */
  readonly default?: unknown
  /** Whether that is the time of the insertion. */
  readonly defaultNow?: true
  /** Where its value has to be found. */
  readonly references?: ReferenceDeclaration
}

/** One table as plain data: what is compared, and what is stored. */
export interface TableDeclaration {
  /** The columns by name. */
  readonly columns: Readonly<Record<string, ColumnDeclaration>>
  /** The columns of the primary key. */
  readonly primaryKey: readonly string[]
  /** The columns that together are unique. */
  readonly unique: readonly (readonly string[])[]
  /** The columns that are looked up together. */
  readonly index: readonly (readonly string[])[]
}

/** Tables by the names that their plugin gave them. */
export type TableDeclarations = Readonly<Record<string, TableDeclaration>>

type Tagged = { readonly $: 'time' | 'bigint' | 'bytes'; readonly value: string }

/** The text that is stored; the same declaration always gives the same one. */
export function declarationText(declaration: TableDeclaration): string {
  return JSON.stringify({
    ...declaration,
    columns: Object.fromEntries(
      Object.entries(declaration.columns).map(([name, column]) => [name, tagDefault(column)]),
    ),
  })
}

/** Reads what {@link declarationText} wrote. */
export function parseDeclaration(text: string): TableDeclaration {
  const declaration = JSON.parse(text) as TableDeclaration
  const columns = Object.entries(declaration.columns).map(([name, column]) => [name, untagDefault(column)])
  return { ...declaration, columns: Object.fromEntries(columns) }
}

/** JSON has no dates, no large integers and no bytes. */
function tagDefault(column: ColumnDeclaration): ColumnDeclaration {
  const value = column.default
  if (value instanceof Date) return withTag(column, { $: 'time', value: value.toISOString() })
  if (typeof value === 'bigint') return withTag(column, { $: 'bigint', value: String(value) })
  if (value instanceof Uint8Array)
    return withTag(column, { $: 'bytes', value: Buffer.from(value).toString('base64') })
  return column
}

function withTag(column: ColumnDeclaration, tag: Tagged): ColumnDeclaration {
  return { ...column, default: tag }
}

function untagDefault(column: ColumnDeclaration): ColumnDeclaration {
  if (column.default === undefined) return column
  const { value } = column.default as Tagged
  if (column.type === 'time') return { ...column, default: new Date(value) }
  if (column.type === 'bigint') return { ...column, default: BigInt(value) }
  if (column.type === 'bytes') return { ...column, default: new Uint8Array(Buffer.from(value, 'base64')) }
  return column
}

/** All unique sets of a table, those of single columns too, without the primary key. */
export function uniqueSets(declaration: TableDeclaration): (readonly string[])[] {
  const single = Object.entries(declaration.columns)
    .filter(([, column]) => column.unique === true)
    .map(([name]) => [name])
  return distinctSets([...single, ...declaration.unique])
}

/** The same sets, each once. */
export function distinctSets(sets: readonly (readonly string[])[]): (readonly string[])[] {
  return Array.from(new Map(sets.map((set) => [set.join(), set])).values())
}
