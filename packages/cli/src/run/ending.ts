import { type App, type AppLogger, MynahError, thrownError } from '@mynah/core'
import { deferred } from '@mynah/core/adapter'

import { type End, exitCodes } from '../exit-codes.ts'
import type { StopSignal, StopSignals } from '../process/stop-signals.ts'
import { restartExitCode } from '../process/supervised.ts'

/** Errors that no new start can help. */
const configErrors: ReadonlySet<string> = new Set(['CONFIG_INVALID', 'CONFIG_NOT_FOUND', 'CONFIG_SYNTAX'])

/** How a process comes to its end: the first reason counts, and each has one line in the log. */
export class Ending {
  readonly #logger: AppLogger
  readonly #signals: StopSignals
  readonly #end = deferred<End>()
  readonly #onExit = (code: number): void => this.#exitedElsewhere(code)
  #current: End | undefined
  #app: App | undefined
  /** Whether something may still come when a chat in the terminal ends. */
  #canGoOn: (() => boolean) | undefined

  constructor(logger: AppLogger, signals: StopSignals) {
    this.#logger = logger
    this.#signals = signals
    signals.listen((signal, count) => this.#signalled(signal, count))
    process.on('exit', this.#onExit)
  }

  /** Resolves once something asks for the end. */
  get ended(): Promise<End> {
    return this.#end.promise
  }

  /** Whether something has asked for the end. */
  get isEnding(): boolean {
    return this.#current !== undefined
  }

  /**
   * Lets plugins of an app ask for the end.
   *
   * @param canGoOn - Whether something may still come when the chat in the terminal is over.
   */
  follow(app: App, canGoOn: () => boolean): void {
    this.#app = app
    app.on('exit-requested', ({ code, reason, isOptional }) => {
      if (isOptional === true && this.#canGoOn?.() === true)
        this.#logger.info(`${reason}; the other adapters go on without it`)
      else this.#request({ code, reason })
    })
    this.#canGoOn = canGoOn
  }

  /** The start failed. */
  fail(error: unknown): void {
    if (this.isEnding) return
    const isConfig = MynahError.is(error) && configErrors.has(error.code)
    const { message, stack = message } = thrownError(error)
    const reason = MynahError.is(error) ? `${error.code}: ${message}` : stack
    this.#logger.fatal(reason)
    this.#begin({ code: isConfig ? exitCodes.config : exitCodes.failed, reason })
  }

  /** The processes that started this one are gone. */
  orphaned(): void {
    if (this.isEnding) return
    const reason = 'The process that started this one is gone'
    this.#logger.warn(`${reason}: stopping`)
    this.#begin({ code: exitCodes.stopped, reason })
  }

  /** Somebody asks for the end, or for a new process. */
  asked(kind: 'stop' | 'restart', by: string): void {
    if (kind === 'stop') this.#request({ code: exitCodes.stopped, reason: `Asked to stop by ${by}` })
    else this.#request({ code: restartExitCode, reason: `Asked to start anew by ${by}` })
  }

  /** Everything is over; the process may exit. */
  close(): void {
    this.#signals.close()
    process.off('exit', this.#onExit)
  }

  #request(end: End): void {
    if (this.isEnding) return
    const isWanted = end.code === exitCodes.stopped || end.code === restartExitCode
    if (isWanted) this.#logger.info(`${end.reason}: stopping`)
    else this.#logger.error(`${end.reason}: stopping with exit code ${end.code}`)
    this.#begin(end)
  }

  #signalled(signal: StopSignal, count: number): void {
    if (count > 1) {
      this.#logger.warn(`${signal} again: ended at once`)
      this.close()
      process.exit(this.#current?.code ?? exitCodes.stopped)
    }
    if (this.isEnding) {
      this.#logger.info(`${signal}: is stopping already; once more to stop at once`)
      return
    }
    this.#logger.info(`${signal}: stopping; once more to stop at once`)
    this.#begin({ code: exitCodes.stopped, reason: signal })
  }

  #begin(end: End): void {
    this.#current = end
    this.#end.resolve(end)
  }

  /** Plugins that call `process.exit` take everything down with them. */
  #exitedElsewhere(code: number): void {
    if (this.isEnding) return
    const error = new Error('process.exit was called')
    const owner = this.#app?.inspect.ownerOf(error)
    const who = owner === undefined ? 'something' : `plugin ${owner}`
    this.#logger.fatal(
      { err: error },
      `The process ends with exit code ${code}: ${who} called process.exit()`,
    )
  }
}
