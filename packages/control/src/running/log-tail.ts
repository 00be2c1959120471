import type { LogLevel, LogLine, LogQuery } from '../protocol/resources.ts'

const levels: Readonly<Record<LogLevel, number>> = {
  trace: 10,
  debug: 20,
  info: 30,
  warn: 40,
  error: 50,
  fatal: 60,
}

/** How much of the log is remembered: the newest lines, and never more than this many characters of them. */
const maxLines = 1000
const maxCharacters = 1_000_000

/** Lines that somebody who follows has not taken yet; more are left out, and counted. */
const maxBehind = 1000

/** The newest lines of a log, and those that come, for whoever asks. */
export class LogTail {
  #lines: string[] = []
  #characters = 0
  readonly #followers = new Set<Follower>()

  /** Takes a line of JSON that the logger has written. */
  push(line: string): void {
    this.#lines.push(line)
    this.#characters += line.length
    // Seldom and many at once: shifting a long list moves all of it.
    if (this.#lines.length > 2 * maxLines || this.#characters > 2 * maxCharacters) this.#forget()
    for (const follower of this.#followers) follower.push(line)
  }

  #forget(): void {
    let first = Math.max(this.#lines.length - maxLines, 0)
    let kept = this.#lines.slice(first).reduce((sum, line) => sum + line.length, 0)
    while (kept > maxCharacters) kept -= this.#lines[first++]?.length ?? kept
    this.#lines = this.#lines.slice(first)
    this.#characters = kept
  }

  /** Lines that fit, oldest first; with `follow` until the signal aborts. */
  async *read(
    { lines = 50, follow = false, plugin, level = 'trace' }: LogQuery,
    signal?: AbortSignal,
  ): AsyncGenerator<LogLine> {
    const least = levels[level]
    const fits = (line: LogLine): boolean =>
      line.level >= least && (plugin === undefined || line['plugin'] === plugin)
    const past = lines === 0 ? [] : this.#lines.flatMap((line) => readLogLine(line) ?? []).filter(fits)
    if (!follow) {
      yield* past.slice(-lines)
      return
    }
    const follower = new Follower(signal)
    this.#followers.add(follower)
    try {
      yield* past.slice(-lines)
      for await (const line of follower.lines()) if (fits(line)) yield line
    } finally {
      this.#followers.delete(follower)
      follower.close()
    }
  }
}

/** Somebody who takes lines as they come, each in their own time. */
class Follower {
  readonly #waiting: string[] = []
  readonly #signal: AbortSignal | undefined
  readonly #onAbort = (): void => this.#wake?.()
  #leftOut = 0
  #wake: (() => void) | undefined

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal
    signal?.addEventListener('abort', this.#onAbort)
  }

  push(line: string): void {
    if (this.#waiting.length < maxBehind) this.#waiting.push(line)
    else this.#leftOut += 1
    this.#wake?.()
  }

  /** Until the signal aborts. */
  async *lines(): AsyncGenerator<LogLine> {
    while (this.#signal?.aborted !== true) {
      for (const line of this.#waiting.splice(0)) {
        const parsed = readLogLine(line)
        if (parsed !== undefined) yield parsed
      }
      if (this.#leftOut > 0) yield this.#note()
      if (this.#waiting.length === 0) await this.#change()
    }
  }

  close(): void {
    this.#signal?.removeEventListener('abort', this.#onAbort)
  }

  #note(): LogLine {
    const msg = `${this.#leftOut} lines were left out: they came too fast`
    this.#leftOut = 0
    return { level: levels.warn, time: Date.now(), msg }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
      if (this.#signal?.aborted === true) resolve()
    })
  }
}

/**
 * Reads a line that the logger wrote; `undefined` when it is none. By hand: what checks everything else is loaded when
 * the bot has started.
 */
export function readLogLine(line: string): LogLine | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isLogLine(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isLogLine(value: unknown): value is LogLine {
  if (typeof value !== 'object' || value === null) return false
  if (!('level' in value && typeof value.level === 'number')) return false
  if (!('time' in value && typeof value.time === 'number')) return false
  return !('msg' in value) || typeof value.msg === 'string'
}
