import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

import type { Mode } from '@mynah/loader'

import { exitCodes } from '../exit-codes.ts'
import { areAlive, findParents, isRunByNpm } from './parents.ts'
import type { StopSignal, StopSignals } from './stop-signals.ts'
import { restartExitCode, type StopMessage, stoppingMessage, supervisorVariable } from './supervised.ts'

/** How long a process may take to react to a signal, in ms: a plugin in an endless loop never does. */
const reactionMs = 3000
/** How long it may take to stop, in ms. */
const stopMs = 9500
/** How long it has after a second signal, in ms. */
const hurryMs = 500
/** How often is looked whether npm, which started this process, is still there, in ms. */
const lookMs = 500

/**
 * Runs the same command in a process of its own, again and again for as long as it wants that, with the same
 * terminal or pipes. It is gone when this one is, whatever it does.
 *
 * @returns The exit code of the last one.
 */
export async function supervise(
  signals: StopSignals,
  logLevel: string | undefined,
  mode: Mode,
): Promise<number> {
  const supervisor = new Supervisor(logLevel, mode)
  signals.listen((signal, count) => supervisor.stop(signal, count))
  const parents = isRunByNpm() ? findParents() : undefined
  const watch = setInterval(() => {
    if (parents === undefined || areAlive(parents)) return
    clearInterval(watch)
    supervisor.stop('SIGTERM', 1)
  }, lookMs)
  const code = await supervisor.run()
  clearInterval(watch)
  return code
}

class Supervisor {
  readonly #logLevel: string | undefined
  readonly #mode: Mode
  #child: ChildProcess | undefined
  #signal: StopSignal | undefined
  #timers: NodeJS.Timeout[] = []
  #saying: Promise<void> = Promise.resolve()

  constructor(logLevel: string | undefined, mode: Mode) {
    this.#logLevel = logLevel
    this.#mode = mode
  }

  async run(): Promise<number> {
    for (;;) {
      const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
        stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
        env: { ...process.env, [supervisorVariable]: String(process.pid) },
      })
      this.#child = child
      const [code, signal]: unknown[] = await once(child, 'exit')
      for (const timer of this.#timers.splice(0)) clearTimeout(timer)
      const isAskedToStop = this.#signal !== undefined
      if (code === restartExitCode && !isAskedToStop) continue
      if (typeof code === 'number' && code !== restartExitCode) return code
      if (!isAskedToStop) this.#say('fatal', `The process of the bot was ended by ${String(signal)}`)
      await this.#saying
      return isAskedToStop ? exitCodes.stopped : exitCodes.crashed
    }
  }

  /** Passes a signal on, and sees to it that it helps. */
  stop(signal: StopSignal, count: number): void {
    const child = this.#child
    const message: StopMessage = { stop: signal }
    if (child?.connected === true) child.send(message, () => {})
    else child?.kill(signal)
    if (count > 1) this.#killAfter(hurryMs, `${signal} again: the bot was ended`)
    if (this.#signal !== undefined) return
    this.#signal = signal
    const noReaction = this.#killAfter(
      reactionMs,
      `${signal}: the bot does not react, as with a plugin in an endless loop; it was ended`,
    )
    child?.once('message', (answer) => {
      if (answer === stoppingMessage) clearTimeout(noReaction)
    })
    this.#killAfter(stopMs, `${signal}: stopping took longer than ${stopMs} ms; the bot was ended`)
  }

  #killAfter(delayMs: number, reason: string): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#child?.kill('SIGKILL')
      this.#say('warn', reason)
    }, delayMs)
    this.#timers.push(timer)
    return timer
  }

  /** The logger is loaded when there is something to say, which is hardly ever. */
  #say(level: 'warn' | 'fatal', line: string): void {
    this.#saying = import('../log/logger.ts').then(({ createCliLogger }) =>
      createCliLogger({ level: this.#logLevel, mode: this.#mode })[level](line),
    )
  }
}
