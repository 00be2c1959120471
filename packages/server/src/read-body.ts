import type { IncomingMessage } from 'node:http'

/** Why a body was not read, as the HTTP status that says so. */
export type BodyRefusal = 408 | 413 | 'gone'

/**
 * Reads a body to its end.
 *
 * @param maxBytes - Beyond that the answer is 413.
 * @param timeoutMs - Beyond that the answer is 408.
 */
export async function readBody(
  message: IncomingMessage,
  maxBytes: number,
  timeoutMs: number,
): Promise<Buffer | BodyRefusal> {
  if (Number(message.headers['content-length'] ?? 0) > maxBytes) return 413
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<408>((resolve) => {
    timer = setTimeout(() => resolve(408), timeoutMs)
  })
  try {
    return await Promise.race([collect(message, maxBytes), late])
  } finally {
    clearTimeout(timer)
  }
}

function collect(message: IncomingMessage, maxBytes: number): Promise<Buffer | BodyRefusal> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    message.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= maxBytes) chunks.push(chunk)
      else resolve(413)
    })
    message.on('end', () =>
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)),
    )
    message.on('error', () => resolve('gone'))
    message.on('close', () => resolve('gone'))
  })
}
