import { MynahError } from '@mynah/core'

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

/** @throws ImportTimeout; what the loader throws. */
export async function loadWithin(
  modules: ModuleLoader,
  file: string,
  limitMs: number,
): Promise<LoadedModule> {
  const loading = modules.load(file)
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ImportTimeout(file, limitMs, loading)), limitMs)
  })
  try {
    return await Promise.race([loading, tooLate])
  } finally {
    clearTimeout(timer)
    loading.catch(() => {})
  }
}
