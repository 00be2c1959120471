import { writeSync } from 'node:fs'

/** How long a line waits for a pipe that is full, in ms, before it is given up. */
const patienceMs = 200
const pauseMs = 10

/**
 * Writes lines to a file descriptor at once. A line that cannot be written (the disk is full, nobody reads the
 * pipe) is given up; the next one is tried anew, and begins on a line of its own.
 */
export class LineSink {
  readonly #descriptor: number
  #isTorn = false
  #isStuck = false

  constructor(descriptor: number) {
    this.#descriptor = descriptor
  }

  /** Writes a line that brings its own line break. Never throws; waits up to 200 ms for a full pipe. */
  write(line: string): void {
    const bytes = Buffer.from(this.#isTorn ? `\n${line}` : line)
    const written = this.#writeAll(bytes)
    this.#isTorn = written === 0 ? this.#isTorn : written < bytes.length
    this.#isStuck = written < bytes.length
  }

  /** @returns How many bytes were written. */
  #writeAll(bytes: Buffer): number {
    let written = 0
    // One line after another that waits would hold the bot up for as long as nobody reads.
    let pausesLeft = this.#isStuck ? 0 : patienceMs / pauseMs
    while (written < bytes.length) {
      try {
        written += writeSync(this.#descriptor, bytes, written)
      } catch (error) {
        if (!isBusy(error) || pausesLeft === 0) return written
        pausesLeft -= 1
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs)
      }
    }
    return written
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN'
}
