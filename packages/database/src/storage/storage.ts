import { duration, type Page, type z } from '@mynah/core'

import { Cells, type CellsParts } from './cells.ts'
import { storageError } from './errors.ts'
import { entryOf, list, type Stored } from './rows.ts'
import { checkKey, decode, encode } from './values.ts'

/** How long a value is kept. */
export interface KeepOptions {
  /** A length of time such as `'10m'`, or ms. @defaultValue for ever */
  readonly expiresIn?: number | string | undefined
}

/** Which keys are listed. */
export interface EntriesOptions<T = unknown> {
  /** What they begin with. @defaultValue '' */
  readonly prefix?: string
  /** Where the page begins: `next` of the page before. */
  readonly next?: string | undefined
  /** How many at most. @defaultValue 100 */
  readonly limit?: number
  /** What the values have to be. */
  readonly schema?: z.ZodType<T>
}

/** A key and its value. */
export interface StorageEntry<T = unknown> {
  /** The key. */
  readonly key: string
  /** The value. */
  readonly value: T
}

/**
 * Keys that stay, for one plugin: those of others cannot be seen. Values are what JSON can hold. What was written is on
 * disk when the promise resolves.
 *
 * @example
 * ```ts
 * const uses = await ctx.storage.increment(`uses:${session.userId}`, 1, { expiresIn: '1d' })
 * if (uses > 10) return 'Come back tomorrow.'
 * ```
 */
export interface Storage {
  /**
   * The value of a key; `undefined` where there is none, or it has expired.
   *
   * @param schema - What it has to be; without it the value is handed out as it was stored.
   * @throws MynahError `STORAGE_INVALID` when the schema does not take it.
   */
  get<T = unknown>(key: string, schema?: z.ZodType<T>): Promise<T | undefined>
  /** Puts a value in place whatever there was; a time to keep it counts anew. @throws MynahError `STORAGE_INVALID` */
  set(key: string, value: unknown, options?: KeepOptions): Promise<void>
  /** Takes a key away. @returns Whether it was there. */
  delete(key: string): Promise<boolean>
  /**
   * Changes a value in one step that nobody comes between: `change` may be called again where somebody was first. A
   * time to keep it counts from when the key was made.
   *
   * @param change - Makes the new value out of the one there is; `undefined` takes the key away.
   * @returns The new value.
   * @throws MynahError `STORAGE_INVALID`, or what `change` throws; nothing is changed then.
   */
  update<T>(
    key: string,
    change: (current: T | undefined) => T | undefined,
    options?: KeepOptions & { readonly schema?: z.ZodType<T> },
  ): Promise<T | undefined>
  /**
   * Adds to a number, which begins at 0. A time to keep it counts from when the key was made.
   *
   * @param by - How much. @defaultValue 1
   * @returns The new number.
   * @throws MynahError `STORAGE_INVALID` when something else is stored there.
   */
  increment(key: string, by?: number, options?: KeepOptions): Promise<number>
  /** Keys and values, in the order of the keys' bytes, page by page. @throws MynahError `STORAGE_INVALID` */
  entries<T = unknown>(options?: EntriesOptions<T>): Promise<Page<StorageEntry<T>>>
  /** A folder for files of the plugin, which is there when the promise resolves. */
  folder(): Promise<string>
}

/** What {@link PluginStorage} works with. */
export interface StorageParts extends CellsParts {
  /** Makes the folder of a plugin. */
  readonly makeFolder: (owner: string) => Promise<string>
}

/** The lowest character that a key may have: what comes next after a key is that key and this. */
const lowest = '\u0001'

/** The highest character there is: what begins with a prefix comes before the prefix and this. */
const last = '\u{10FFFF}'

const defaultLimit = 100

/** The keys of one plugin in a database. */
export class PluginStorage implements Storage {
  readonly #parts: StorageParts
  readonly #owner: string
  readonly #cells: Cells

  /** @param owner - Name of the plugin's instance. */
  constructor(parts: StorageParts, owner: string) {
    this.#parts = parts
    this.#owner = owner
    this.#cells = new Cells(parts, owner)
  }

  async get<T>(key: string, schema?: z.ZodType<T>): Promise<T | undefined> {
    checkKey(key)
    const stored = await this.#cells.read(key)
    return stored === undefined ? undefined : decode(key, stored.text, schema)
  }

  async set(key: string, value: unknown, { expiresIn }: KeepOptions = {}): Promise<void> {
    checkKey(key)
    await this.#cells.put(key, { text: encode(key, value), expiresAt: this.#until(expiresIn) })
  }

  async delete(key: string): Promise<boolean> {
    checkKey(key)
    const [before] = await this.#cells.change(key, () => undefined)
    return before !== undefined
  }

  async update<T>(
    key: string,
    change: (current: T | undefined) => T | undefined,
    { expiresIn, schema }: KeepOptions & { readonly schema?: z.ZodType<T> } = {},
  ): Promise<T | undefined> {
    checkKey(key)
    const expiresAt = this.#until(expiresIn)
    const make = (current: Stored | undefined): Stored | undefined => {
      const value = change(current === undefined ? undefined : decode(key, current.text, schema))
      if (value === undefined) return undefined
      return { text: encode(key, value), expiresAt: current === undefined ? expiresAt : current.expiresAt }
    }
    const [, now] = await this.#cells.change(key, make)
    return now === undefined ? undefined : decode<T>(key, now.text, undefined)
  }

  async increment(key: string, by = 1, { expiresIn }: KeepOptions = {}): Promise<number> {
    if (!Number.isFinite(by)) throw storageError(`"${key}" cannot grow by ${by}.`)
    const add = (current: unknown = 0): number => {
      if (typeof current === 'number') return current + by
      throw storageError(`"${key}" holds no number, so nothing can be added to it.`)
    }
    return Number(await this.update(key, add, { expiresIn }))
  }

  async entries<T>(options: EntriesOptions<T> = {}): Promise<Page<StorageEntry<T>>> {
    const { prefix = '', next, limit = defaultLimit, schema } = options
    if (this.#parts.isEmpty()) return { data: [] }
    const engine = await this.#parts.open()
    const from = next === undefined ? prefix : next + lowest
    const { rows } = await engine.read(
      list(this.#owner, from, prefix + last, this.#parts.clock.now(), limit + 1),
    )
    const data = rows.slice(0, limit).map((row) => {
      const { key, text } = entryOf(row)
      return { key, value: decode(key, text, schema) }
    })
    const lastKey = data.at(-1)?.key
    return rows.length > limit && lastKey !== undefined ? { data, next: lastKey } : { data }
  }

  folder(): Promise<string> {
    return this.#parts.makeFolder(this.#owner)
  }

  #until(expiresIn: number | string | undefined): number | undefined {
    if (expiresIn === undefined) return undefined
    const ms = duration.safeParse(expiresIn)
    if (ms.success) return this.#parts.clock.now() + ms.data
    throw storageError(`"${expiresIn}" is no length of time; write for example '10m', '1d' or ms.`)
  }
}
