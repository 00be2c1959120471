import type { Engine, Result, Statement, Transaction, TransactionOptions } from './engine.ts'
import { Nesting } from './nesting.ts'

/** What is known of an engine before it is opened. */
export type EnginePlace = Pick<Engine, 'kind' | 'place'>

/** How an engine is opened. */
export interface LazyEngineOptions extends EnginePlace {
  /** Opens it; it shares the guard of the lazy one. */
  readonly open: (nesting: Nesting) => Promise<Engine>
  /** Whether there is nothing to open yet. */
  readonly isNew: () => boolean
}

/** An engine that is opened when somebody first asks it for something, and again later where that failed. */
export class LazyEngine implements Engine {
  readonly kind: Engine['kind']
  readonly place: string
  readonly nesting: Nesting = new Nesting()
  readonly #open: LazyEngineOptions['open']
  readonly #isNew: LazyEngineOptions['isNew']
  #opening: Promise<Engine> | undefined
  #opened: Engine | undefined

  constructor({ kind, place, open, isNew }: LazyEngineOptions) {
    this.kind = kind
    this.place = place
    this.#open = open
    this.#isNew = isNew
  }

  get isNew(): boolean {
    return this.#opening === undefined && this.#isNew()
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
