import type { Statement, Transaction } from '../../engine/engine.ts'
import { distinctSets, type TableDeclaration, type TableDeclarations, uniqueSets } from '../declaration.ts'
import type { Ddl } from './ddl.ts'
import type { Obstacle, Remedy } from './plan.ts'

/** Which obstacles can be overcome because no value is lost by it, and which are left. */
export interface Ways {
  /** One after the other; the remedies of those are what is done. */
  readonly ways: readonly Obstacle[]
  /** What takes a numbered step. */
  readonly left: readonly Obstacle[]
}

/** Looks whether values would be lost, and changes tables where none would. */
export class Remedies {
  readonly #ddl: Ddl
  readonly #before: TableDeclarations
  readonly #now: TableDeclarations
  readonly #transaction: Transaction

  constructor(ddl: Ddl, before: TableDeclarations, now: TableDeclarations, transaction: Transaction) {
    this.#ddl = ddl
    this.#before = before
    this.#now = now
    this.#transaction = transaction
  }

  /** Finds the ways around obstacles by remedies that are allowed. */
  async ways(obstacles: readonly Obstacle[], allowed: 'all' | readonly Remedy[]): Promise<Ways> {
    const ways: Obstacle[] = []
    const left: Obstacle[] = []
    const anew = new Set<string>()
    for (const obstacle of obstacles) {
      if (anew.has(obstacle.table)) continue
      const way = await this.#way(obstacle, allowed)
      if (way?.remedy === 'recreate-table') anew.add(way.table)
      if (way === undefined) left.push(obstacle)
      else ways.push(way)
    }
    return { ways: ways.filter((way) => way.remedy === 'recreate-table' || !anew.has(way.table)), left }
  }

  async #way(obstacle: Obstacle, allowed: 'all' | readonly Remedy[]): Promise<Obstacle | undefined> {
    const { table, column, remedy } = obstacle
    if (remedy === 'forbid-null' && (allowed === 'all' || allowed.includes(remedy)))
      if (!(await this.#exists(table, column, 'null'))) return obstacle
    if (allowed !== 'all') return undefined
    if (!(await this.#exists(table)))
      return remedy === 'drop-table' ? obstacle : { ...obstacle, remedy: 'recreate-table' }
    if (column === undefined || this.#before[table]?.columns[column] === undefined) return undefined
    if (remedy === 'replace-column' && !this.#canAdd(table, column)) return undefined
    if (remedy !== 'drop-column' && remedy !== 'replace-column') return undefined
    return (await this.#exists(table, column, 'value')) ? undefined : obstacle
  }

  /** Whether a column can come to rows that are there. */
  #canAdd(table: string, column: string): boolean {
    const declared = this.#now[table]?.columns[column]
    if (declared?.nullable === true) return true
    return (
      declared?.references === undefined && (declared?.default !== undefined || declared?.defaultNow === true)
    )
  }

  async #exists(table: string, column?: string, what?: 'value' | 'null'): Promise<boolean> {
    const { rows } = await this.#transaction.run(this.#ddl.exists(table, column, what))
    return rows.length > 0
  }

  /** The statements of a way. */
  statements({ table, column = '', remedy }: Obstacle): Statement[] {
    const declaration = this.#now[table]
    if (remedy === 'drop-table') return [this.#ddl.dropTable(table)]
    if (remedy === 'recreate-table')
      return [
        this.#ddl.dropTable(table),
        ...(declaration === undefined ? [] : this.#ddl.createTable(table, declaration)),
      ]
    if (remedy === 'forbid-null') return this.#ddl.forbidNull(table, column)
    const declared = declaration?.columns[column]
    return [
      ...sets(this.#before[table], column).map(([kind, set]) => this.#ddl.dropIndex(table, kind, set)),
      this.#ddl.dropColumn(table, column),
      ...(declared === undefined ? [] : [this.#ddl.addColumn(table, column, declared)]),
      ...sets(declaration, column).map(([kind, set]) => this.#ddl.createIndex(table, kind, set)),
    ]
  }
}

type IndexSet = readonly ['index' | 'unique', readonly string[]]

/** The indexes that a column stands in. */
function sets(declaration: TableDeclaration | undefined, column: string): IndexSet[] {
  if (declaration === undefined) return []
  const all: IndexSet[] = [
    ...uniqueSets(declaration).map((set) => ['unique', set] as const),
    ...distinctSets(declaration.index).map((set) => ['index', set] as const),
  ]
  return all.filter(([, set]) => set.includes(column))
}

/** A way in words. */
export function describeRemedy({ table, column, remedy }: Obstacle): string {
  const place = column === undefined ? table : `${table}.${column}`
  if (remedy === 'drop-table') return `drop ${table}`
  if (remedy === 'recreate-table') return `make ${table} anew`
  if (remedy === 'drop-column') return `drop ${place}`
  return remedy === 'replace-column' ? `make ${place} anew` : `forbid null in ${place}`
}
