import type { IncomingMessage } from 'node:http'
import type { Clock } from '@mynah/core'
import type { Place } from './gate.ts'

/** Why a body was not read, as the HTTP status that says so. */
export type BodyRefusal = 408 | 413 | 503 | 'gone'

/** Bounds for one body. */
export interface BodyLimits {
  /** Beyond that the answer is 413. */
  readonly maxBytes: number
  /** Beyond that the answer is 408, in ms. */
  readonly timeoutMs: number
  /** The same for the first byte, in ms. */
  readonly firstByteTimeoutMs: number
  readonly clock: Clock
}

/** Whether a request brings a body. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/** Reads a body to its end; 503 when the place is needed for somebody quicker. */
export function readBody(
  message: IncomingMessage,
  place: Place,
  limits: BodyLimits,
): Promise<Buffer | BodyRefusal> {
  const { maxBytes, timeoutMs, firstByteTimeoutMs, clock } = limits
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    const late = (): void => end(408)
    const cancelFirst = clock.setTimeout(late, Math.min(firstByteTimeoutMs, timeoutMs))
    const cancelAll = clock.setTimeout(late, timeoutMs)
    const end = (result: Buffer | BodyRefusal): void => {
      cancelFirst()
      cancelAll()
      resolve(result)
    }
    message.on('data', (chunk: Buffer) => {
      cancelFirst()
      size += chunk.length
      if (size <= maxBytes) chunks.push(chunk)
      else end(413)
    })
    message.on('end', () => end(Buffer.concat(chunks)))
    message.on('error', () => end('gone'))
    message.on('close', () => end('gone'))
    void place.evicted.then(() => end(503))
  })
}
