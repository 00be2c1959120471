import type { MemorySource } from '../storage/memory-source.ts'
import type { LimitOptions } from './limit-options.ts'

/** How often a limit was used in a period that is not over. */
export interface RememberedUse {
  readonly count: number
  /** When the period ends, in ms since 1970. */
  readonly untilMs: number
}

/** Shorter periods are over before a bot is back. */
const shortestMs = 60_000

/** Remembers the uses of one limit beyond a reload and a restart, where anything is. */
export class LimitMemory {
  readonly #memory: MemorySource
  readonly #name: readonly unknown[]
  readonly #isLong: boolean

  /** @param plugin - Name of the plugin's instance. */
  constructor(
    memory: MemorySource,
    plugin: string,
    command: string,
    { textKey, per, count, periodMs }: LimitOptions,
  ) {
    this.#memory = memory
    this.#name = [plugin, command, textKey, per, count, periodMs]
    this.#isLong = periodMs >= shortestMs
  }

  /** Whether there may be something to {@link recall}. */
  get isKept(): boolean {
    return this.#isLong && this.#memory.isLasting
  }

  /** What is known by a key of the limit. Never rejects. */
  async recall(key: string): Promise<RememberedUse | undefined> {
    const found = await this.#memory.recall('limits', this.#keyOf(key))
    return isUse(found) ? found : undefined
  }

  /** Remembers a use until its period is over. */
  remember(key: string, use: RememberedUse, forMs: number): void {
    if (this.isKept) this.#memory.remember('limits', this.#keyOf(key), use, forMs)
  }

  #keyOf(key: string): string {
    return JSON.stringify([...this.#name, key])
  }
}

function isUse(value: unknown): value is RememberedUse {
  return (
    typeof value === 'object' &&
    value !== null &&
    'count' in value &&
    'untilMs' in value &&
    typeof value.count === 'number' &&
    typeof value.untilMs === 'number'
  )
}
