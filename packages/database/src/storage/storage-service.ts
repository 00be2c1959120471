import type { Clock } from '@mynah/core'

import type { Engine } from '../engine/engine.ts'
import { declaration, sweep } from './rows.ts'
import { PluginStorage, type Storage } from './storage.ts'

/** So many expired keys are deleted at a time. */
const sweepLimit = 500

/** The keys of all plugins in one table. */
export class StorageService {
  readonly #engine: Engine
  readonly #clock: Clock
  readonly #makeFolder: (owner: string) => Promise<string>
  #ready: Promise<Engine> | undefined

  /** @param makeFolder - Makes the folder of a plugin. */
  constructor(engine: Engine, clock: Clock, makeFolder: (owner: string) => Promise<string>) {
    this.#engine = engine
    this.#clock = clock
    this.#makeFolder = makeFolder
  }

  /** The keys of one plugin. */
  of(owner: string): Storage {
    const open = (): Promise<Engine> => this.#open()
    return new PluginStorage({ open, clock: this.#clock, makeFolder: this.#makeFolder }, owner)
  }

  /** Deletes what has expired, in steps that keep nobody waiting. Does nothing while nobody has stored anything. */
  async sweep(): Promise<void> {
    if (this.#ready === undefined) return
    const engine = await this.#ready
    for (let changes = sweepLimit; changes >= sweepLimit;) {
      const [result] = await engine.write(sweep(this.#clock.now(), sweepLimit))
      changes = result?.changes ?? 0
    }
  }

  #open(): Promise<Engine> {
    this.#ready ??= this.#declare()
    return this.#ready
  }

  async #declare(): Promise<Engine> {
    try {
      await this.#engine.write(declaration(this.#engine.kind))
      return this.#engine
    } catch (error) {
      this.#ready = undefined
      throw error
    }
  }
}
