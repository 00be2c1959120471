import { type App, type AppLogger, thrownError } from '@mynah/core'

/** How long errors wait for plugins that are being loaded to have their names, in ms. */
const patienceMs = 3000

interface Stray {
  readonly error: unknown
  readonly where: string
}

/**
 * Takes what nobody caught, from before the first plugin is imported: it is reported in the name of the plugin
 * it came from, and ends nothing.
 */
export class ProcessGuards {
  readonly #logger: AppLogger
  readonly #onRejection = (error: unknown): void => this.#take(error, 'a promise that nobody awaited')
  readonly #onException = (error: unknown): void => this.#take(error, 'a callback')
  readonly #waiting: Stray[] = []
  #app: App | undefined
  #isPatient = true

  constructor(logger: AppLogger) {
    this.#logger = logger
    process.on('unhandledRejection', this.#onRejection).on('uncaughtException', this.#onException)
    // A log or a terminal that is gone is no reason to end.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  }

  /** From now on errors belong to the plugins of this app. */
  adopt(app: App): void {
    this.#app = app
    this.flush()
  }

  #take(error: unknown, where: string): void {
    if (this.#app !== undefined || !this.#isPatient) return this.#report({ error, where })
    if (this.#waiting.push({ error, where }) === 1) setTimeout(() => this.flush(), patienceMs).unref()
  }

  /** Reports what waits for the names of plugins, and goes on without waiting. */
  flush(): void {
    this.#isPatient = false
    for (const stray of this.#waiting.splice(0)) this.#report(stray)
  }

  #report({ error, where }: Stray): void {
    try {
      if (this.#app !== undefined) this.#app.reportUnowned(error, where)
      else
        this.#logger.error(
          { err: thrownError(error) },
          `Something failed in ${where}: ${thrownError(error).message}`,
        )
    } catch {
      // The report itself failed, and whatever is thrown from here ends the process.
    }
  }
}
