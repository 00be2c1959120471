import type { ValueType } from '../../engine/engine.ts'
import type { ColumnDeclaration, TableDeclaration } from '../declaration.ts'

/** What is known of a value in a query. */
export interface Typed {
  /** What it holds; `undefined` when that cannot be told. */
  readonly type: ValueType | undefined
  /** Whether it can be null. */
  readonly nullable: boolean
  /** The column that it is, for messages: `wallets.coins`. */
  readonly place?: string
  /** Whether it is a column of a table as it stands there; engines know its type by themselves. */
  readonly plain?: boolean
}

/** Columns by name; `undefined` when they are not known. */
export type TypedColumns = ReadonlyMap<string, Typed> | undefined

/** Something that stands in `from`, by the name that it has in the query. */
export interface Source {
  /** The table's name in the database, when it stands there under the name that the plugin gave it. */
  readonly realName?: string | undefined
  /** What can be selected from it. */
  readonly columns: TypedColumns
}

const unknown: Typed = { type: undefined, nullable: true }

/** The names that a query can use, in it and in what stands around it. */
export class Scope {
  readonly #parent: Scope | undefined
  readonly #sources = new Map<string, Source>()
  readonly #ctes = new Map<string, TypedColumns>()

  constructor(parent?: Scope) {
    this.#parent = parent
  }

  /** Adds something to `from`. */
  addSource(name: string, source: Source): void {
    this.#sources.set(name, source)
  }

  /** Says that rows of what is there already can be missing, as in a right join. */
  makeNullable(): void {
    for (const [name, source] of this.#sources)
      this.#sources.set(name, { ...source, columns: nullableColumns(source.columns) })
  }

  /** Adds a common table expression. */
  addCte(name: string, columns: TypedColumns): void {
    this.#ctes.set(name, columns)
  }

  /** Whether a name in `from` is a common table expression. */
  hasCte(name: string): boolean {
    return this.#ctes.has(name) || this.#parent?.hasCte(name) === true
  }

  /** Its columns. */
  cte(name: string): TypedColumns {
    return this.#ctes.has(name) ? this.#ctes.get(name) : this.#parent?.cte(name)
  }

  /** What a name before a dot stands for. */
  source(name: string): Source | undefined {
    return this.#sources.get(name) ?? this.#parent?.source(name)
  }

  /** Everything in `from` of this query alone. */
  sources(): Iterable<Source> {
    return this.#sources.values()
  }

  /** What is known of a column. */
  column(name: string, table?: string): Typed {
    if (table !== undefined) return this.source(table)?.columns?.get(name) ?? unknown
    for (const [alias, { columns }] of this.#sources) {
      if (alias === 'excluded') continue
      if (columns === undefined) return unknown
      const column = columns.get(name)
      if (column !== undefined) return column
    }
    return this.#parent?.column(name) ?? unknown
  }
}

/** The columns of a declared table. */
export function columnsOf(table: string, declaration: TableDeclaration | undefined): TypedColumns {
  if (declaration === undefined) return undefined
  return new Map(
    Object.entries(declaration.columns).map(([name, column]) => [name, typed(table, name, column)]),
  )
}

function typed(table: string, name: string, column: ColumnDeclaration): Typed {
  return {
    type: column.type,
    nullable: column.nullable === true,
    place: `${table}.${name}`,
    plain: true,
  }
}

/** The same columns as they come out of a subquery. */
export function derived(columns: TypedColumns): TypedColumns {
  return mapped(columns, (column) => ({ ...column, plain: false }))
}

/** The same columns where their row may be missing. */
export function nullableColumns(columns: TypedColumns): TypedColumns {
  return mapped(columns, (column) => ({ ...column, nullable: true }))
}

function mapped(columns: TypedColumns, change: (column: Typed) => Typed): TypedColumns {
  return columns && new Map(Array.from(columns, ([name, column]) => [name, change(column)]))
}
