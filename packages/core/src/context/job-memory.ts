import type { MemorySource } from '../storage/memory-source.ts'

/** Remembers up to when the runs of one job are done. */
export class JobMemory {
  readonly #memory: MemorySource
  readonly #key: string
  #doneMs = Number.NEGATIVE_INFINITY

  /** @param plugin - Name of the plugin's instance. */
  constructor(memory: MemorySource, plugin: string, job: string) {
    this.#memory = memory
    this.#key = JSON.stringify([plugin, job])
  }

  /** Whether it outlives the app. */
  get isLasting(): boolean {
    return this.#memory.isLasting
  }

  /** Up to when all runs are done, in ms since 1970; `undefined` for a job that nobody knows yet. */
  async doneMs(): Promise<number | undefined> {
    const stored = await this.#memory.of('jobs').get(this.#key)
    return typeof stored === 'number' ? stored : undefined
  }

  /** The runs up to a moment are done. */
  async done(untilMs: number): Promise<void> {
    if (untilMs <= this.#doneMs) return
    this.#doneMs = untilMs
    await this.#memory.of('jobs').set(this.#key, untilMs)
  }
}
