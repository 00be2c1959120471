import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { type LocalFile, MynahError } from '@mynah/core'
import { unlessAborted } from '@mynah/core/adapter'
import { readAtMost } from '../shared/read-at-most.ts'
import type { RawMedia } from './download.ts'
import { mediaRefused, tooLarge } from './media-error.ts'
import { nameOfPath } from './media-name.ts'

interface ReadLimits {
  readonly maxBytes: number
  readonly signal: AbortSignal
}

/**
 * Pipes and devices are opened without waiting for anybody, so that telling what they are cannot block; and
 * a terminal does not become that of the bot. Windows has neither flag.
 */
const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY

/** Reads a regular file; whatever else a path may lead to is refused before a byte of it is read. */
export async function readLocalFile({ path }: LocalFile, limits: ReadLimits): Promise<RawMedia> {
  try {
    const file = await open(path, flags)
    try {
      return { bytes: await readRegularFile(file, limits), name: nameOfPath(path) }
    } finally {
      await file.close()
    }
  } catch (cause) {
    limits.signal.throwIfAborted()
    if (MynahError.is(cause)) throw cause
    if (cause instanceof RangeError) throw tooLarge(limits.maxBytes)
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    throw mediaRefused(`The file cannot be read: ${code}.`, { cause })
  }
}

async function readRegularFile(file: FileHandle, { maxBytes, signal }: ReadLimits): Promise<Buffer> {
  const stat = await file.stat()
  if (!stat.isFile()) throw mediaRefused('The path leads to no regular file.')
  if (stat.size > maxBytes) throw tooLarge(maxBytes)
  // Files may grow, and those of /proc say that they have no size.
  const stream = file.createReadStream({ autoClose: false, end: maxBytes })
  return unlessAborted(readAtMost(stream, maxBytes), signal)
}
