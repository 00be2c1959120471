import { createHash, type Hash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'

import { MynahError } from '@mynah/core'

import { backupError } from './errors.ts'
import { type BackupRecord, lineOf, recordOf } from './records.ts'

/**
 * The form of a backup: this line, then lines of JSON through gzip, then the SHA-256 of everything before it, as 32
 * bytes. The last line counts what there was.
 */
const firstLine = 'mynah-backup 1\n'
const formOfFirstLine = /^mynah-backup (\d{1,9})\n/
const checksumBytes = 32

/**
 * Writes records into a file, which is there when all of it is on disk, and not before.
 *
 * @throws MynahError `BACKUP_FILE`, or what the records fail with
 */
export async function writeBackup(path: string, records: AsyncIterable<BackupRecord>): Promise<void> {
  if (await exists(path)) {
    throw backupError(
      'BACKUP_FILE',
      `${path} is there already, and nothing is written over it. Give another name.`,
    )
  }
  const part = `${path}.part`
  try {
    await mkdir(dirname(path), { recursive: true })
    await pipeline(linesOf(records), createGzip(), seal, createWriteStream(part, { flush: true }))
    await rename(part, path)
    await syncFolder(dirname(path))
  } catch (error) {
    await rm(part, { force: true })
    if (MynahError.is(error)) throw error
    const why = error instanceof Error ? error.message : String(error)
    throw backupError('BACKUP_FILE', `${path} cannot be written: ${why}`, { cause: error })
  }
}

/**
 * Reads what {@link writeBackup} wrote. That nothing of it was changed is only known when all has been read.
 *
 * @throws MynahError `BACKUP_FILE`, `BACKUP_VERSION` or `BACKUP_DAMAGED`
 */
export async function* readBackup(path: string): AsyncGenerator<BackupRecord, void> {
  const { size, start } = await readFirstLine(path)
  const hash = createHash('sha256').update(firstLine)
  const end = size - checksumBytes - 1
  const packed = Readable.from(hashed(createReadStream(path, { start, end }), hash))
  const unpacked = createGunzip()
  const flowing = pipeline(packed, unpacked).catch(() => {})
  try {
    for await (const line of splitLines(unpacked)) yield recordOf(line)
    await flowing
  } catch (cause) {
    throw damaged(path, 'it cannot be read to its end', cause)
  }
  if (!hash.digest().equals(await readChecksum(path, size))) throw damaged(path, 'its checksum is another')
}

function damaged(path: string, problem: string, cause?: unknown): MynahError {
  const detail = `The backup ${path} is damaged: ${problem}. Use another one; nothing was changed.`
  return backupError('BACKUP_DAMAGED', detail, { cause })
}

/** Waits until what was renamed in a folder is on disk, where that can be waited for. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch {
    // Windows has no such thing, and needs none.
  }
}

async function* linesOf(records: AsyncIterable<BackupRecord>): AsyncGenerator<string, void> {
  for await (const record of records) yield `${lineOf(record)}\n`
}

async function* seal(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  const hash = createHash('sha256').update(firstLine)
  yield Buffer.from(firstLine)
  for await (const piece of packed) {
    hash.update(piece)
    yield piece
  }
  yield hash.digest()
}

async function* hashed(pieces: AsyncIterable<Buffer>, hash: Hash): AsyncGenerator<Buffer, void> {
  for await (const piece of pieces) {
    hash.update(piece)
    yield piece
  }
}

async function* splitLines(pieces: AsyncIterable<Buffer>): AsyncGenerator<string, void> {
  let open: Buffer[] = []
  for await (const piece of pieces) {
    let from = 0
    for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, from)) {
      yield Buffer.concat([...open, piece.subarray(from, at)]).toString()
      open = []
      from = at + 1
    }
    open.push(piece.subarray(from))
  }
  if (open.some(({ length }) => length > 0)) throw new Error('The last line has no end.')
}

async function readFirstLine(path: string): Promise<{ readonly size: number; readonly start: number }> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw backupError('BACKUP_FILE', `${path} cannot be read: ${why}`, { cause })
  })
  try {
    const { size } = await file.stat()
    const { buffer, bytesRead } = await file.read(Buffer.alloc(32), 0, 32, 0)
    const [line = '', version] = formOfFirstLine.exec(buffer.subarray(0, bytesRead).toString('latin1')) ?? []
    if (version === undefined)
      throw backupError('BACKUP_DAMAGED', `${path} is no backup of Mynah, or is damaged.`)
    if (line !== firstLine) {
      const detail = `${path} is a backup of version ${version}, and this version of @mynah/database reads version 1. Update it.`
      throw backupError('BACKUP_VERSION', detail)
    }
    if (size < line.length + checksumBytes + 1) throw damaged(path, 'it is cut off')
    return { size, start: line.length }
  } finally {
    await file.close()
  }
}

async function readChecksum(path: string, size: number): Promise<Buffer> {
  const file = await open(path, 'r')
  try {
    const { buffer } = await file.read(Buffer.alloc(checksumBytes), 0, checksumBytes, size - checksumBytes)
    return buffer
  } finally {
    await file.close()
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
