import { NativeLoader } from '@mynah/loader'

import type { RunningOptions } from '../options.ts'
import { findParents, isRunByNpm } from '../process/parents.ts'
import { watchForOrphan } from '../process/orphan-watch.ts'
import { followSupervisor, isSupervised } from '../process/supervised.ts'
import type { StopSignals } from '../process/stop-signals.ts'
import { run } from './run.ts'

/** How long a bot may go on after npm, which started it, is gone, in ms: longer than any stop takes. */
const orphanGraceMs = 10_000

/** Runs a bot on modules as Node imports them, without watching. @returns The exit code. */
export function produce(options: RunningOptions, signals: StopSignals): Promise<number> {
  process.env['NODE_ENV'] ??= 'production'
  return run(options, {
    mode: 'production',
    signals,
    openModules: (root) => Promise.resolve(new NativeLoader(root)),
    onBegin: (ending) => {
      if (isSupervised()) followSupervisor(signals, () => ending.orphaned())
      if (isRunByNpm()) watchForOrphan(findParents(), orphanGraceMs, () => ending.orphaned())
    },
  })
}
