import { Worker } from 'node:worker_threads'

import { areAlive, type Parents } from './parents.ts'

/** How often is looked whether the parents are there, in ms. */
export const lookMs = 250

interface OrphanWatchData {
  readonly parents: Parents
  /** How long the process may go on as an orphan, in ms. */
  readonly graceMs: number
  /** Counts the looks of the main thread: it stands still while a plugin is in an endless loop. */
  readonly looks: Int32Array
}

/**
 * Calls back when the processes that started this one are gone. A thread of its own kills this process when its
 * main thread does not notice, or when it still runs after `graceMs`, whatever keeps it busy.
 */
export function watchForOrphan(parents: Parents, graceMs: number, onOrphaned: () => void): void {
  const looks = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const timer = setInterval(() => {
    Atomics.add(looks, 0, 1)
    if (!areAlive(parents)) onOrphaned()
  }, lookMs)
  timer.unref()
  const workerData: OrphanWatchData = { parents, graceMs, looks }
  const worker = new Worker(new URL('orphan-worker.js', import.meta.url), { workerData, execArgv: [] })
  // Without the thread, the process still ends by itself as long as it reacts.
  worker.on('error', () => {})
  worker.unref()
}

/** Recognises what the watching thread is given. */
export function isOrphanWatchData(value: unknown): value is OrphanWatchData {
  return typeof value === 'object' && value !== null && 'parents' in value && 'looks' in value
}
