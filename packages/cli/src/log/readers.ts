import { codeFrame, foldStack, type Mode } from '@mynah/loader'

import type { LogEntry } from './entry.ts'

/**
 * Writes an error for who reads it: in development the lines of code around the place where it came from, in
 * production the place; the framework's frames are folded. What an error says of its own place is not said twice.
 */
export function forReaders(entry: LogEntry, mode: Mode): LogEntry {
  const { err, msg = '' } = entry
  if (err === undefined || typeof err.stack !== 'string') return entry
  const { place, text } = foldStack(err.stack)
  const folded = { ...entry, err: { ...err, stack: text } }
  if (place === undefined || err.code === 'MODULE_LOAD_FAILED') return folded
  const where = `${place.file}:${place.line}:${place.column}`
  const detail = mode === 'development' ? `\n${where}${codeFrame(place)}` : ` (${where})`
  return { ...folded, msg: `${msg}${detail}` }
}
