import type { Writable } from 'node:stream'

type WriteCallback = (error: Error | null | undefined) => void

/**
 * Calls `around` for everything that is written to a stream, with the chunk and the write itself.
 *
 * @returns Ends it.
 */
export function guardWrites(
  stream: Writable,
  around: (chunk: unknown, write: () => boolean) => boolean,
): () => void {
  const write = stream.write.bind(stream)
  stream.write = (chunk: unknown, encoding?: BufferEncoding | WriteCallback, callback?: WriteCallback) =>
    around(chunk, () =>
      typeof encoding === 'string' ? write(chunk, encoding, callback) : write(chunk, encoding ?? callback),
    )
  return () => {
    stream.write = write
  }
}
