import type { Clock } from '@mynah/core'
import { BoundedMap } from '@mynah/core/adapter'

import type { Engine, Statement } from '../engine/engine.ts'
import { type Cell, cellOf, change, find, nothing, put, type Stored } from './rows.ts'

/** How many keys of one plugin are kept in memory. */
const maxKept = 10_000

/** So many bits of a version are random: two writes never get the same one. */
const versions = 2 ** 48

/** Makes a value out of the one there is; `undefined` takes the key away. */
export type Change = (current: Stored | undefined) => Stored | undefined

/** What the keys work with. */
export interface CellsParts {
  /** Opens the engine when it is first needed. */
  readonly open: () => Promise<Engine>
  /** Whether nothing can be stored yet, which is known without opening anything. */
  readonly isEmpty: () => boolean
  readonly clock: Clock
}

/**
 * The keys of one plugin. In a file that belongs to this process alone, what was read or written is kept in memory,
 * and a change builds on the one before while that is still on its way to the disk. Each change names the version that
 * it builds on; where that is another one by now, it is made again.
 */
export class Cells {
  readonly #parts: CellsParts
  readonly #owner: string
  /** What was asked for and is not on disk yet. */
  readonly #writing = new Map<string, Cell>()
  readonly #kept = new BoundedMap<string, Cell>({ maxEntries: maxKept })
  readonly #loading = new Map<string, Promise<Cell>>()
  /** Where several processes write, changes of one key wait for each other. */
  readonly #turns = new Map<string, Promise<unknown>>()

  /** @param owner - Name of the plugin's instance. */
  constructor(parts: CellsParts, owner: string) {
    this.#parts = parts
    this.#owner = owner
  }

  /** The value of a key. */
  async read(key: string): Promise<Stored | undefined> {
    if (this.#parts.isEmpty()) return undefined
    return this.#alive(this.#known(key) ?? (await this.#load(key)))
  }

  /** Puts a value in place whatever there was; resolves when it is on disk. */
  async put(key: string, value: Stored): Promise<void> {
    const cell = { version: newVersion(), value }
    const engine = await this.#parts.open()
    await this.#inTurn(engine, key, () => this.#write(engine, key, cell, put(this.#owner, key, cell)))
  }

  /** Changes a key; resolves when it is on disk. @returns What there was, and what there is now. */
  async change(key: string, make: Change): Promise<readonly [Stored | undefined, Stored | undefined]> {
    const engine = await this.#parts.open()
    return this.#inTurn(engine, key, async () => {
      for (;;) {
        const before = this.#known(key) ?? (await this.#load(key))
        const current = this.#alive(before)
        const value = make(current)
        if (value === undefined && before.version === 0) return [undefined, undefined]
        const cell = value === undefined ? nothing : { version: newVersion(), value }
        if (await this.#write(engine, key, cell, change(this.#owner, key, before, cell)))
          return [current, value]
      }
    })
  }

  /** @returns Whether it was written; it is not where somebody else was first. */
  async #write(engine: Engine, key: string, cell: Cell, statement: Statement): Promise<boolean> {
    this.#writing.set(key, cell)
    let isWritten = false
    try {
      const [result] = await engine.write(statement)
      isWritten = result !== undefined && result.changes > 0
      return isWritten
    } finally {
      // What others have built on it meanwhile is not written either.
      if (!isWritten) this.#forget(key)
      else if (this.#writing.get(key) === cell) {
        this.#writing.delete(key)
        this.#kept.set(key, cell)
      }
    }
  }

  #forget(key: string): void {
    this.#writing.delete(key)
    this.#kept.delete(key)
  }

  #known(key: string): Cell | undefined {
    return this.#writing.get(key) ?? this.#kept.get(key)
  }

  #load(key: string): Promise<Cell> {
    let loading = this.#loading.get(key)
    if (loading === undefined) {
      loading = this.#find(key).finally(() => this.#loading.delete(key))
      this.#loading.set(key, loading)
    }
    return loading
  }

  async #find(key: string): Promise<Cell> {
    const engine = await this.#parts.open()
    const { rows } = await engine.read(find(this.#owner, key))
    const known = this.#known(key)
    // Somebody has written it meanwhile.
    if (known !== undefined) return known
    const cell = cellOf(rows[0])
    if (isOurs(engine)) this.#kept.set(key, cell)
    return cell
  }

  #alive({ value }: Cell): Stored | undefined {
    return value?.expiresAt !== undefined && value.expiresAt <= this.#parts.clock.now() ? undefined : value
  }

  async #inTurn<T>(engine: Engine, key: string, work: () => Promise<T>): Promise<T> {
    if (isOurs(engine)) return work()
    const before = this.#turns.get(key) ?? Promise.resolve()
    const turn = before.then(async () => {
      // Another process may have written since.
      this.#forget(key)
      return work()
    })
    const ended = turn.catch(() => {})
    this.#turns.set(key, ended)
    try {
      return await turn
    } finally {
      this.#forget(key)
      if (this.#turns.get(key) === ended) this.#turns.delete(key)
    }
  }
}

/** Whether nobody else writes there. */
function isOurs({ kind }: Engine): boolean {
  return kind === 'sqlite'
}

function newVersion(): number {
  return 1 + Math.floor(Math.random() * versions)
}
