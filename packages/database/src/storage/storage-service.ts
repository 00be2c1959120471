import type { Clock } from '@mynah/core'

import type { Engine } from '../engine/engine.ts'
import { OwnTables, sweepLimit } from '../engine/own-tables.ts'
import { declaration, sweep } from './rows.ts'
import { PluginStorage, type Storage, type StorageParts } from './storage.ts'

/** The keys of all plugins in one table. */
export class StorageService {
  readonly #tables: OwnTables
  readonly #parts: StorageParts

  /** @param makeFolder - Makes the folder of a plugin. */
  constructor(engine: Engine, clock: Clock, makeFolder: (owner: string) => Promise<string>) {
    const tables = new OwnTables(engine, [declaration(engine.kind)])
    this.#tables = tables
    this.#parts = { open: () => tables.open(), clock, makeFolder }
  }

  /** The keys of one plugin. */
  of(owner: string): Storage {
    return new PluginStorage(this.#parts, owner)
  }

  /** Deletes what has expired. Does nothing while nobody has stored anything. */
  sweep(): Promise<void> {
    return this.#tables.sweep(() => sweep(this.#parts.clock.now(), sweepLimit))
  }
}
