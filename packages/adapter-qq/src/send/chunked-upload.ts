import { createHash } from 'node:crypto'
import { type LoadedMedia, retry, type RetryPolicy } from '@mynah/adapter-kit'
import { type Clock, MynahError } from '@mynah/core'
import type { FileApi } from '../api/files.ts'
import { QQApiError } from '../errors.ts'
import type { Target } from '../encode/target.ts'
import type { FileType, UploadPart, UploadPlan } from '../wire/send.ts'

/** How much of a file `md5_10m` covers, in bytes. */
const headBytes = 10_002_432
const putTimeoutMs = 120_000
const defaults = { retryTimeoutS: 300, retryDelayS: 1 } as const

/** What an upload in parts needs. */
export interface ChunkedUploadOptions {
  /** Stores the files. */
  readonly files: FileApi
  /** Time as the bot sees it. */
  readonly clock: Clock
  /** Aborts what is under way. */
  readonly signal: AbortSignal
}

interface Slice {
  readonly part: UploadPart
  readonly bytes: Buffer
}

/**
 * Stores a file part by part (official docs: "Rich media messages", uploading in parts).
 *
 * @returns the `upload_id` with which the file is asked for.
 */
export async function uploadInParts(
  target: Target,
  type: FileType,
  { bytes, name }: Pick<LoadedMedia, 'bytes' | 'name'>,
  options: ChunkedUploadOptions,
): Promise<string> {
  const plan = await options.files.prepare(target, {
    file_type: type,
    file_size: String(bytes.length),
    file_name: name,
    md5: digest('md5', bytes),
    sha1: digest('sha1', bytes),
    md5_10m: digest('md5', bytes.subarray(0, headBytes)),
  })
  const queue = slices(plan, bytes)
  const lanes = Math.max(1, Math.min(plan.upload_config?.concurrency ?? 1, queue.length, 8))
  const work = async (): Promise<void> => {
    for (let slice = queue.shift(); slice !== undefined; slice = queue.shift()) {
      await storePart(target, plan, slice, options)
    }
  }
  await Promise.all(Array.from({ length: lanes }, work))
  return plan.upload_id
}

/** Servers number parts from 0 or from 1: where a part begins follows from its place in the order. */
function slices(plan: UploadPlan, bytes: Buffer): Slice[] {
  const size = Number(plan.block_size)
  const parts = [...plan.parts].sort((one, other) => one.index - other.index)
  let offset = 0
  const result = parts.map((part) => {
    const length = Number(part.block_size ?? size) || size
    const slice = { part, bytes: bytes.subarray(offset, offset + length) }
    offset += length
    return slice
  })
  if (offset >= bytes.length) return result
  throw new MynahError('API_INVALID_RESPONSE', 'The upload plan has no place for the whole file.')
}

async function storePart(
  target: Target,
  plan: UploadPlan,
  { part, bytes }: Slice,
  options: ChunkedUploadOptions,
): Promise<void> {
  await put(part.presigned_url, bytes, options.signal)
  const { clock, files, signal } = options
  const { retry_timeout = defaults.retryTimeoutS, retry_delay = defaults.retryDelayS } =
    plan.upload_config ?? {}
  const body = {
    upload_id: plan.upload_id,
    part_index: part.index,
    block_size: bytes.length,
    md5: digest('md5', bytes),
  }
  const isEarly = (error: unknown): boolean => error instanceof QQApiError && error.action === 'upload-retry'
  const policy: RetryPolicy = {
    decide: (error) => ({ repeat: isEarly(error), afterMs: retry_delay * 1000 }),
    maxAttempts: Infinity,
    totalMs: retry_timeout * 1000,
    signal,
    clock,
  }
  await retry(policy, () => files.finishPart(target, body))
}

/** The address was signed by the platform's store; our own credentials do not belong there. */
async function put(url: string, bytes: Buffer, signal: AbortSignal): Promise<void> {
  let status: number
  try {
    const response = await fetch(url, {
      method: 'PUT',
      body: new Uint8Array(bytes),
      signal: AbortSignal.any([signal, AbortSignal.timeout(putTimeoutMs)]),
    })
    await response.body?.cancel()
    status = response.status
  } catch (cause) {
    signal.throwIfAborted()
    throw new MynahError('API_UNREACHABLE', 'A part of the file could not be stored.', {
      cause,
      retriable: true,
    })
  }
  if (status >= 300) throw new MynahError('API_REJECTED', `The store answered a part with HTTP ${status}.`)
}

function digest(algorithm: 'md5' | 'sha1', bytes: Uint8Array): string {
  return createHash(algorithm).update(bytes).digest('hex')
}
