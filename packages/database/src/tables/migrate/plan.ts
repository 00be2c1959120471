import type { Engine } from '../../engine/engine.ts'
import {
  type ColumnDeclaration,
  declarationText,
  distinctSets,
  type TableDeclaration,
  type TableDeclarations,
  uniqueSets,
} from '../declaration.ts'

/** Something that is done to tables and loses nothing. */
export type Change =
  | { readonly kind: 'create-table'; readonly table: string }
  | { readonly kind: 'add-column' | 'allow-null'; readonly table: string; readonly column: string }
  | {
      readonly kind: 'create-index' | 'drop-index'
      readonly table: string
      readonly index: 'index' | 'unique'
      readonly columns: readonly string[]
    }

/** What a table can be changed to where nothing is lost by it. */
export type Remedy = 'drop-table' | 'recreate-table' | 'drop-column' | 'replace-column' | 'forbid-null'

/** A difference whose way could lose data. */
export interface Obstacle {
  /** The table that it is about. */
  readonly table: string
  /** And its column. */
  readonly column?: string
  /** What is different, as the end of a sentence that begins with the place. */
  readonly problem: string
  /** What a numbered step would do, or what the declaration needs. */
  readonly advice: readonly string[]
  /** What development does where no value is lost. */
  readonly remedy: Remedy
}

/** The way from tables that are there to those of the declarations. */
export interface Plan {
  /** What can be done, in order. */
  readonly changes: readonly Change[]
  /** What cannot, without a step. */
  readonly obstacles: readonly Obstacle[]
}

/**
 * Compares tables as they are with tables as they are declared; tables stand in the order of their references. Where a
 * column is made anew to hold null, as SQLite needs it, its indexes are made anew too.
 */
export function planTables(kind: Engine['kind'], before: TableDeclarations, now: TableDeclarations): Plan {
  const changes: Change[] = []
  const obstacles: Obstacle[] = []
  for (const [table, declaration] of Object.entries(now)) {
    const old = before[table]
    if (old === undefined) changes.push({ kind: 'create-table', table })
    else if (declarationText(old) !== declarationText(declaration)) {
      const plan = planTable(kind, table, old, declaration)
      changes.push(...plan.changes)
      obstacles.push(...plan.obstacles)
    }
  }
  const created = Object.keys(now).filter((table) => before[table] === undefined)
  for (const table of Object.keys(before).reverse())
    if (now[table] === undefined) obstacles.push(removedTable(table, created))
  return { changes, obstacles }
}

function planTable(kind: Engine['kind'], table: string, old: TableDeclaration, now: TableDeclaration): Plan {
  const obstacles: Obstacle[] = []
  const added: Change[] = []
  const relaxed: Change[] = []
  const place = { table }
  if (!sameKey(old, now))
    obstacles.push({
      ...place,
      problem: 'has another primary key',
      advice: [`// Declare a table of another name, copy the rows in a step, and drop "${table}" there.`],
      remedy: 'recreate-table',
    })
  for (const [column, declared] of Object.entries(now.columns)) {
    const stored = old.columns[column]
    const obstacle =
      stored === undefined ? newColumn(table, column, declared) : changed(table, column, stored, declared)
    if (obstacle !== undefined) obstacles.push(obstacle)
    else if (stored === undefined) added.push({ kind: 'add-column', table, column })
    else if (stored.nullable !== true && declared.nullable === true)
      relaxed.push({ kind: 'allow-null', table, column })
  }
  for (const column of Object.keys(old.columns))
    if (now.columns[column] === undefined) obstacles.push(removedColumn(table, column, old, now))
  const renewed = kind === 'sqlite' ? relaxed.flatMap(columnOf) : []
  const indexes = planIndexes(table, old, now, new Set(renewed))
  return { changes: [...indexes.dropped, ...relaxed, ...added, ...indexes.created], obstacles }
}

function columnOf(change: Change): string[] {
  return 'column' in change ? [change.column] : []
}

function sameKey(old: TableDeclaration, now: TableDeclaration): boolean {
  const ids = (declaration: TableDeclaration): string[] =>
    Object.keys(declaration.columns).filter((name) => declaration.columns[name]?.id === true)
  return old.primaryKey.join() === now.primaryKey.join() && ids(old).join() === ids(now).join()
}

function newColumn(table: string, column: string, declared: ColumnDeclaration): Obstacle | undefined {
  const given = declared.default !== undefined || declared.defaultNow === true
  if (declared.references !== undefined && declared.nullable !== true)
    return {
      table,
      column,
      problem: 'is new and refers to another table, and the rows that are there refer to nothing',
      advice: ['// Declare it .nullable().'],
      remedy: 'replace-column',
    }
  if (given || declared.nullable === true) return undefined
  const add = `addColumn('${column}', '${dataTypeOf(declared)}')`
  return {
    table,
    column,
    problem: 'is new, and the rows that are there have no value for it',
    advice: [
      '// Declare it .nullable() or with .default(…), or:',
      `await db.schema.alterTable('${table}').${add}.execute()`,
      `await db.updateTable('${table}').set({ ${column}: … }).execute()`,
    ],
    remedy: 'replace-column',
  }
}

function changed(
  table: string,
  column: string,
  old: ColumnDeclaration,
  now: ColumnDeclaration,
): Obstacle | undefined {
  const place = { table, column }
  if (old.type !== now.type)
    return {
      ...place,
      problem: `holds ${old.type} and is declared as ${now.type}`,
      advice: convertingLines(table, column, now),
      remedy: 'replace-column',
    }
  if (JSON.stringify(old.references) !== JSON.stringify(now.references))
    return {
      ...place,
      problem: 'refers to something else than before',
      advice: ['// Declare a column of another name, copy the values in a step, and drop this one there.'],
      remedy: 'replace-column',
    }
  if (old.nullable === true && now.nullable !== true)
    return {
      ...place,
      problem: 'may hold null and is no longer declared .nullable()',
      advice: [
        `await db.updateTable('${table}').set({ ${column}: … }).where('${column}', 'is', null).execute()`,
      ],
      remedy: 'forbid-null',
    }
  return undefined
}

function convertingLines(table: string, column: string, now: ColumnDeclaration): string[] {
  const alter = `await db.schema.alterTable('${table}')`
  const type = dataTypeOf(now)
  return [
    `${alter}.addColumn('${column}_new', '${type}').execute()`,
    `await db.updateTable('${table}').set((e) => ({ ${column}_new: e.cast('${column}', '${type}') })).execute()`,
    `${alter}.dropColumn('${column}').execute()`,
    `${alter}.renameColumn('${column}_new', '${column}').execute()`,
  ]
}

function removedColumn(
  table: string,
  column: string,
  old: TableDeclaration,
  now: TableDeclaration,
): Obstacle {
  const alter = `await db.schema.alterTable('${table}')`
  const renamed = Object.keys(now.columns).find(
    (name) => old.columns[name] === undefined && now.columns[name]?.type === old.columns[column]?.type,
  )
  const rename =
    renamed === undefined
      ? []
      : [
          `// If it is "${renamed}" now:`,
          `${alter}.renameColumn('${column}', '${renamed}').execute()`,
          '// If it is gone:',
        ]
  return {
    table,
    column,
    problem: 'is no longer declared',
    advice: [...rename, `${alter}.dropColumn('${column}').execute()`],
    remedy: 'drop-column',
  }
}

function removedTable(table: string, created: readonly string[]): Obstacle {
  const [renamed] = created
  const rename =
    renamed === undefined
      ? []
      : [
          `// If it is "${renamed}" now:`,
          `await db.schema.alterTable('${table}').renameTo('${renamed}').execute()`,
          '// If it is gone:',
        ]
  return {
    table,
    problem: 'is no longer declared',
    advice: [...rename, `await db.schema.dropTable('${table}').execute()`],
    remedy: 'drop-table',
  }
}

/** What Kysely calls the type of a column. */
function dataTypeOf({ type }: ColumnDeclaration): string {
  return dataTypes[type]
}

const dataTypes: Readonly<Record<ColumnDeclaration['type'], string>> = {
  int: 'integer',
  bigint: 'bigint',
  real: 'double precision',
  text: 'text',
  bool: 'boolean',
  time: 'timestamptz',
  json: 'json',
  bytes: 'bytea',
}

interface IndexPlan {
  readonly dropped: readonly Change[]
  readonly created: readonly Change[]
}

/** Indexes of columns that are made anew are made anew too. */
function planIndexes(
  table: string,
  old: TableDeclaration,
  now: TableDeclaration,
  renewed: ReadonlySet<string>,
): IndexPlan {
  const plans = (['unique', 'index'] as const).map((index) => {
    const before = setsOf(old, index)
    const after = setsOf(now, index)
    const stays = (set: readonly string[], others: readonly (readonly string[])[]): boolean =>
      others.some((other) => other.join() === set.join()) && !set.some((column) => renewed.has(column))
    const change = (kind: 'create-index' | 'drop-index', columns: readonly string[]): Change => ({
      kind,
      table,
      index,
      columns,
    })
    return {
      dropped: before.filter((set) => !stays(set, after)).map((set) => change('drop-index', set)),
      created: after.filter((set) => !stays(set, before)).map((set) => change('create-index', set)),
    }
  })
  return {
    dropped: plans.flatMap(({ dropped }) => dropped),
    created: plans.flatMap(({ created }) => created),
  }
}

function setsOf(declaration: TableDeclaration, index: 'index' | 'unique'): (readonly string[])[] {
  return index === 'unique' ? uniqueSets(declaration) : distinctSets(declaration.index)
}

/** A change in words. */
export function describeChange(change: Change): string {
  const { table } = change
  if ('columns' in change) {
    const what = `${change.index} ${table}(${change.columns.join(', ')})`
    return change.kind === 'create-index' ? `add ${what}` : `drop ${what}`
  }
  if (change.kind === 'create-table') return `create ${table}`
  return change.kind === 'add-column'
    ? `add ${table}.${change.column}`
    : `allow null in ${table}.${change.column}`
}
