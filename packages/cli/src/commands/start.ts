import { NativeLoader } from '@mynah/loader'

import type { CommonOptions } from '../program.ts'
import { run } from '../run.ts'

/** `bot start`: production, Node's own import, no watching. */
export async function start(options: CommonOptions): Promise<void> {
  process.env['NODE_ENV'] ??= 'production'
  // What plugins left behind (sockets, timers) must not keep a stopped bot alive.
  process.exit(
    await run(options, {
      mode: 'production',
      openModules: (root) => Promise.resolve(new NativeLoader(root)),
    }),
  )
}
