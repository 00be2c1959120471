import { NativeLoader } from '@mynah/loader'

import { findParents, isRunByNpm } from '../process/parents.ts'
import { watchForOrphan } from '../process/orphan-watch.ts'
import type { StopSignals } from '../process/stop-signals.ts'
import type { CommonOptions } from '../program.ts'
import { run } from '../run.ts'

/** How long a bot may go on after npm, which started it, is gone, in ms: longer than any stop takes. */
const orphanGraceMs = 10_000

/** `bot start`: production, Node's own import, no watching. */
export async function start(options: CommonOptions, signals: StopSignals): Promise<void> {
  process.env['NODE_ENV'] ??= 'production'
  const code = await run(options, {
    mode: 'production',
    signals,
    openModules: (root) => Promise.resolve(new NativeLoader(root)),
    onBegin: (ending) => {
      if (isRunByNpm()) watchForOrphan(findParents(), orphanGraceMs, () => ending.orphaned())
    },
  })
  // What plugins left behind (sockets, timers) must not keep a stopped bot alive.
  process.exit(code)
}
