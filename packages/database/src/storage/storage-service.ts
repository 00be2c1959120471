import type { Clock } from '@mynah/core'

import type { Engine } from '../engine/engine.ts'
import { OpenedTable, sweepLimit } from '../engine/own-table.ts'
import { storageTable, sweep } from './rows.ts'
import { PluginStorage, type Storage, type StorageParts } from './storage.ts'

/** The keys of all plugins in one table. */
export class StorageService {
  readonly #table: OpenedTable
  readonly #parts: StorageParts

  /** @param makeFolder - Makes the folder of a plugin. */
  constructor(engine: Engine, clock: Clock, makeFolder: (owner: string) => Promise<string>) {
    const table = new OpenedTable(engine, storageTable)
    this.#table = table
    this.#parts = { open: () => table.open(), isEmpty: () => table.isEmpty, clock, makeFolder }
  }

  /** The keys of one plugin. */
  of(owner: string): Storage {
    return new PluginStorage(this.#parts, owner)
  }

  /** Deletes what has expired. Does nothing while nobody has stored anything. */
  sweep(): Promise<void> {
    return this.#table.sweep(() => sweep(this.#parts.clock.now(), sweepLimit))
  }
}
