import { readFileSync, rmSync, writeFileSync } from 'node:fs'

import { z } from '@mynah/core'

/** What a running bot writes down for those who want to ask it. */
export interface RunFile {
  /** Version of the list of what may be asked. */
  readonly protocol: number
  readonly pid: number
  /** The socket or named pipe. */
  readonly address: string
  /** Whoever asks has to show it: named pipes are open to all users of the machine. */
  readonly token: string
  /** When the process began to start the bot, in ms since 1970. */
  readonly startedAt: number
}

const runFile: z.ZodType<RunFile> = z.object({
  protocol: z.int(),
  pid: z.int(),
  address: z.string(),
  token: z.string(),
  startedAt: z.number(),
})

/** What the bot of a folder wrote; `undefined` when there is no such file, or nobody can read it. */
export function readRunFile(file: string): RunFile | undefined {
  try {
    return runFile.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data
  } catch {
    return undefined
  }
}

/** Writes what only the owner may read. @throws what Node says. */
export function writeRunFile(file: string, content: RunFile): void {
  rmSync(file, { force: true })
  writeFileSync(file, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' })
}
