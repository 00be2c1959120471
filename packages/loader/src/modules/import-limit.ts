import { MynahError, systemClock } from '@mynah/core'

import type { LoadedModule, ModuleLoader } from './module-loader.ts'

/** How a module that is still being imported when its time is up is reported. */
export class ImportTimeout extends MynahError {
  override readonly name: string = 'ImportTimeout'
  /** The import, which goes on. */
  readonly late: Promise<LoadedModule>

  constructor(file: string, limitMs: number, late: Promise<LoadedModule>) {
    super(
      'MODULE_LOAD_FAILED',
      `${file} was still being imported after ${limitMs / 1000} s: something that it awaits outside of setup() does not come. Move it into setup(), or give it a limit.`,
    )
    this.late = late
  }
}

/**
 * Imports modules, and gives up one that hangs: that is still on its way though for a while no other one came in
 * either. Many modules on a busy machine take long and hang nowhere.
 */
export class ImportLimit {
  readonly #limitMs: number
  #lastProgressAt = Number.NEGATIVE_INFINITY

  /** @param limitMs - How long nothing may come in, in ms. */
  constructor(limitMs: number) {
    this.#limitMs = limitMs
  }

  /** @throws ImportTimeout; what the loader throws. */
  async load(modules: ModuleLoader, file: string): Promise<LoadedModule> {
    const loading = modules.load(file)
    const startedAt = systemClock.monotonic()
    let timer: NodeJS.Timeout | undefined
    const tooLate = new Promise<never>((_, reject) => {
      const look = (): void => {
        const idleMs = systemClock.monotonic() - Math.max(startedAt, this.#lastProgressAt)
        if (idleMs >= this.#limitMs) reject(new ImportTimeout(file, this.#limitMs, loading))
        else timer = setTimeout(look, this.#limitMs - idleMs)
      }
      look()
    })
    try {
      return await Promise.race([loading, tooLate])
    } finally {
      clearTimeout(timer)
      this.#lastProgressAt = systemClock.monotonic()
      loading.catch(() => {})
    }
  }
}
