import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

import { Platform } from './platform.ts'

/** A program that answers on OneBot. */
export interface Program {
  readonly name: string
  readonly args: readonly string[]
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export const raw: Program = { name: 'raw ws', args: [here('./raw.mjs')] }
export const mynah: Program = {
  name: 'mynah',
  args: [here('../node_modules/@mynah/cli/dist/bin.js'), 'start', '--cwd', here('./project')],
}

/** A started program and the platform it is connected to. */
export class Running {
  readonly platform: Platform
  /** From spawning the process to its first answer, in ms. */
  readonly startupMs: number
  readonly #child: ChildProcess

  private constructor(platform: Platform, child: ChildProcess, startupMs: number) {
    this.platform = platform
    this.#child = child
    this.startupMs = startupMs
  }

  static async start(program: Program): Promise<Running> {
    const platform = await Platform.start()
    const connected = platform.connected()
    const start = performance.now()
    const child = spawn(process.execPath, program.args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, ONEBOT_URL: platform.url },
    })
    await connected
    await platform.ask()
    return new Running(platform, child, performance.now() - start)
  }

  /** CPU time of the process so far, in seconds. */
  async cpuSeconds(): Promise<number> {
    const stat = await readFile(`/proc/${this.#child.pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / 100
  }

  /** Resident memory in MiB. */
  async residentMiB(): Promise<number> {
    const status = await readFile(`/proc/${this.#child.pid}/status`, 'utf8')
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exited
    await this.platform.close()
  }
}
