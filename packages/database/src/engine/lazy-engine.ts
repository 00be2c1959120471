import type { Engine, Result, Statement, Transaction, TransactionOptions } from './engine.ts'
import { Nesting } from './nesting.ts'

/** What is known of an engine before it is opened. */
export type EnginePlace = Pick<Engine, 'kind' | 'place'>

/** An engine that is opened when somebody first asks it for something, and again later where that failed. */
export class LazyEngine implements Engine {
  readonly kind: Engine['kind']
  readonly place: string
  readonly nesting: Nesting = new Nesting()
  readonly #open: (nesting: Nesting) => Promise<Engine>
  #opening: Promise<Engine> | undefined
  #opened: Engine | undefined

  /** @param open - Opens the engine, which shares the guard of this one. */
  constructor({ kind, place }: EnginePlace, open: (nesting: Nesting) => Promise<Engine>) {
    this.kind = kind
    this.place = place
    this.#open = open
  }

  /** Whether somebody has asked for it. */
  get isWanted(): boolean {
    return this.#opening !== undefined
  }

  read(statement: Statement): Promise<Result> {
    return this.#opened?.read(statement) ?? this.#wait((engine) => engine.read(statement))
  }

  write(...statements: Statement[]): Promise<readonly Result[]> {
    return this.#opened?.write(...statements) ?? this.#wait((engine) => engine.write(...statements))
  }

  transaction<T>(work: (transaction: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T> {
    return (
      this.#opened?.transaction(work, options) ?? this.#wait((engine) => engine.transaction(work, options))
    )
  }

  async close(): Promise<void> {
    const opening = this.#opening?.catch(() => undefined)
    await (await opening)?.close()
  }

  #wait<T>(ask: (engine: Engine) => Promise<T>): Promise<T> {
    if (this.#opening === undefined) {
      const opening = this.#open(this.nesting)
      this.#opening = opening
      void this.#remember(opening)
    }
    return this.#opening.then(ask)
  }

  async #remember(opening: Promise<Engine>): Promise<void> {
    try {
      const engine = await opening
      // Who has waited asks before those who come now.
      await Promise.resolve()
      this.#opened = engine
    } catch {
      this.#opening = undefined
    }
  }
}
