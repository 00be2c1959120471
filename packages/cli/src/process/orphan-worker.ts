// Watches from a thread of its own, because a plugin in an endless loop holds the main one.
import { workerData } from 'node:worker_threads'

import { isOrphanWatchData, lookMs } from './orphan-watch.ts'
import { areAlive } from './parents.ts'

/** How long the main thread may take for its next look, in ms. */
const reactionMs = 3000

if (isOrphanWatchData(workerData)) {
  const { parents, graceMs, looks } = workerData
  const kill = (): boolean => process.kill(process.pid, 'SIGKILL')
  const timer = setInterval(() => {
    if (areAlive(parents)) return
    clearInterval(timer)
    const seen = Atomics.load(looks, 0)
    setTimeout(() => {
      if (Atomics.load(looks, 0) === seen) kill()
    }, reactionMs)
    setTimeout(kill, graceMs)
  }, lookMs)
}
