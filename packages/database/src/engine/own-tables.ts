import type { Engine, Statement } from './engine.ts'

/** So many rows are deleted at a time: a sweep keeps nobody waiting. */
export const sweepLimit = 500

/** Tables of the package itself, which are made when they are first used, and again later where that failed. */
export class OwnTables {
  readonly #engine: Engine
  readonly #declaration: readonly Statement[]
  #ready: Promise<Engine> | undefined

  /** @param declaration - Makes the tables where they are not there. */
  constructor(engine: Engine, declaration: readonly Statement[]) {
    this.#engine = engine
    this.#declaration = declaration
  }

  /** The engine, once somebody has asked for the tables. */
  get ready(): Promise<Engine> | undefined {
    return this.#ready
  }

  /** The engine, in which the tables are there. @throws DatabaseError */
  open(): Promise<Engine> {
    this.#ready ??= this.#declare()
    return this.#ready
  }

  /** Deletes rows in steps, until a step of {@link sweepLimit} finds fewer. Does nothing while nobody has asked for them. */
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
      await this.#engine.write(...this.#declaration)
      return this.#engine
    } catch (error) {
      this.#ready = undefined
      throw error
    }
  }
}
