import type { Engine, Statement, ValueType } from './engine.ts'

/** So many rows are deleted at a time: a sweep keeps nobody waiting. */
export const sweepLimit = 500

/** A table of the package itself. */
export interface OwnTable {
  readonly name: string
  /** What its columns hold. */
  readonly columns: Readonly<Record<string, ValueType>>
  /** Statements that make it where it is not there. */
  declare(kind: Engine['kind']): readonly Statement[]
}

/** Makes a table of the package itself when it is first used, and again later where that failed. */
export class OpenedTable {
  readonly #engine: Engine
  readonly #table: OwnTable
  #ready: Promise<Engine> | undefined

  constructor(engine: Engine, table: OwnTable) {
    this.#engine = engine
    this.#table = table
  }

  /** The engine, once somebody has asked for the table. */
  get ready(): Promise<Engine> | undefined {
    return this.#ready
  }

  /** Whether nothing can be in it, which is known without opening anything. */
  get isEmpty(): boolean {
    return this.#ready === undefined && this.#engine.isNew
  }

  /** The engine, in which the table is there. @throws DatabaseError */
  open(): Promise<Engine> {
    this.#ready ??= this.#declare()
    return this.#ready
  }

  /** Deletes rows in steps, until a step of {@link sweepLimit} finds fewer. Does nothing while nobody has asked for it. */
  async sweep(next: () => Statement): Promise<void> {
    const engine = await this.#ready
    if (engine === undefined) return
    for (let changes = sweepLimit; changes >= sweepLimit;) {
      const [result] = await engine.write(next())
      changes = result?.changes ?? 0
    }
  }

  async #declare(): Promise<Engine> {
    try {
      await this.#engine.write(...this.#table.declare(this.#engine.kind))
      return this.#engine
    } catch (error) {
      this.#ready = undefined
      throw error
    }
  }
}
