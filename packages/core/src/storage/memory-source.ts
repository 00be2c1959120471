import type { KeptMap } from './kept-map.ts'
import type { KeyValueStore } from './key-value-store.ts'

/** What the core remembers for plugins. */
export interface MemorySource {
  /** Whether keys outlive the app now. */
  readonly isLasting: boolean
  /** Keys under a name that no plugin has: those of one part of the core. */
  of(part: string): KeyValueStore
  /** What is remembered; `undefined` also where it cannot be read, which is told. Never rejects. */
  recall(part: string, key: string): Promise<unknown>
  /** Remembers in the background, for so many ms; that it cannot is told. */
  remember(part: string, key: string, value: unknown, forMs: number): void
  /**
   * All keys of a part in memory, read before the next event is handled.
   *
   * @param read - Makes a value of what is stored; `undefined` for what is none.
   * @param onLoad - Called when all of them were read.
   */
  map<V>(part: string, read: (stored: unknown) => V | undefined, onLoad?: () => void): KeptMap<V>
}
