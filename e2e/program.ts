import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

import { Mailbox } from '@mynah/core/testing'

/** Where and with what a {@link Program} runs. */
export interface ProgramOptions {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
}

/** A command in a process of its own, spoken to through pipes, as a user types it. */
export class Program implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #replies = new Mailbox<string>()
  readonly #logs = new Mailbox<string>()
  readonly #exited: Promise<number>
  readonly #command: string
  #stdout = ''
  #stderr = ''

  constructor(command: string, args: readonly string[], { cwd, env }: ProgramOptions) {
    this.#command = [command, ...args].join(' ')
    // In a process group of its own, so that nothing it started outlives the test.
    const child = spawn(command, args, { cwd, env, stdio: 'pipe', detached: true })
    this.#child = child
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (this.#stdout += chunk))
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (this.#stderr += chunk))
    createInterface(child.stdout).on('line', (line) => this.#replies.push(line))
    createInterface(child.stderr).on('line', (line) => this.#logs.push(messageOf(line)))
    this.#exited = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : 128))
  }

  /** Runs a command that takes no input to its end. @throws Error with its output when it fails. */
  static async complete(command: string, args: readonly string[], options: ProgramOptions): Promise<string> {
    await using program = new Program(command, args, options)
    program.endInput()
    const code = await program.exited()
    if (code === 0) return program.stdout
    throw new Error(`${program.#command} ended with exit code ${code}:\n${program.stdout}${program.stderr}`)
  }

  /** Everything it wrote to stdout. */
  get stdout(): string {
    return this.#stdout
  }

  /** Everything it wrote to stderr. */
  get stderr(): string {
    return this.#stderr
  }

  /** Types a line and takes the reply to it, whatever else was said before. */
  async ask(line: string, reply: string): Promise<void> {
    this.#child.stdin?.write(`${line}\n`)
    await this.#replies.take(
      (text) => text === reply,
      `${JSON.stringify(reply)} in answer to ${line}`,
      30_000,
    )
  }

  /** Takes the next log line with this text in it, and gives its message. */
  expectLog(text: string): Promise<string> {
    return this.#logs.take((line) => line.includes(text), `a log line with ${JSON.stringify(text)}`, 30_000)
  }

  /** Ends the input, after a last text. */
  endInput(text = ''): void {
    this.#child.stdin?.end(text)
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** The exit code, once all output has been read; 128 when a signal ended it. */
  exited(): Promise<number> {
    return this.#exited
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { pid } = this.#child
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL')
    } catch {
      // Nothing of the group is left.
    }
    await this.#exited
  }
}

/** What a log line says to people; logs that go to no terminal are JSON. */
function messageOf(line: string): string {
  try {
    const entry: unknown = JSON.parse(line)
    const isEntry = typeof entry === 'object' && entry !== null && 'msg' in entry
    return isEntry && typeof entry.msg === 'string' ? entry.msg : line
  } catch {
    return line
  }
}
