import { NativeLoader } from '@mynah/loader'

import type { CommonOptions } from '../program.ts'
import { run } from '../run.ts'

/** `bot start`: production, Node's own import, no watching. */
export async function start(options: CommonOptions): Promise<void> {
  process.env['NODE_ENV'] ??= 'production'
  await run(options, { mode: 'production', openModules: () => Promise.resolve(new NativeLoader()) })
}
