import { resolve } from 'node:path'

import type { ControlServer } from '@mynah/control'
import { LogTail } from '@mynah/control/log'
import { type AppLogger, systemClock, thrownError } from '@mynah/core'
import { settlesWithin } from '@mynah/core/adapter'
import { type Mode, type ModuleLoader, type PlannedEntry, Project } from '@mynah/loader'

import { Ending } from './ending.ts'
import { createCliLogger } from '../log/logger.ts'
import { ProcessGuards } from '../process/guards.ts'
import type { StopSignals } from '../process/stop-signals.ts'
import { readVersion } from '../version.ts'
import type { RunningOptions } from '../options.ts'

/** How long the whole stop may take, in ms. Docker kills after ten seconds. */
const stopLimitMs = 9000
/** What parts of it may take, so that one that hangs leaves time for the others. */
const stopLimits = { graceMs: 4000, disposeLimitMs: 2000 } as const

/** How a project is run. */
export interface RunOptions {
  /** Which `.env` files count, and who reads the log. */
  readonly mode: Mode
  /** What asks to stop. */
  readonly signals: StopSignals
  /** Makes what loads the project’s own modules. */
  readonly openModules: (root: string) => Promise<ModuleLoader>
  /** Is called first, with what can end the process. */
  readonly onBegin: (ending: Ending) => void
  /** Is called once all plugins have started; what it returns is called at the stop. */
  readonly onStarted?: (project: Project, logger: AppLogger) => Promise<() => Promise<void>>
}

/**
 * Runs a project until a signal, a command or a plugin ends it, whatever else there is to do. Errors that nobody
 * awaited are reported in the name of their plugin and end nothing. Each end has a line in the log.
 *
 * @returns The exit code.
 */
export async function run(options: RunningOptions, runOptions: RunOptions): Promise<number> {
  // While a bot only waits (for a platform that is away, for its next job), nothing else holds the process.
  const hold = setInterval(() => {}, 2 ** 30)
  const log = new LogTail()
  const logger = createCliLogger({
    level: options.logLevel,
    mode: runOptions.mode,
    onLine: (line) => log.push(line),
  })
  const ending = new Ending(logger, runOptions.signals)
  const guards = new ProcessGuards(logger)
  runOptions.onBegin(ending)
  const bot = new RunningBot(options, runOptions, { logger, log, ending, guards })
  bot.start().catch((error: unknown) => {
    guards.flush()
    ending.fail(error)
  })
  const { code } = await ending.ended
  const stopping = bot.stop().catch((error: unknown) => {
    logger.error({ err: thrownError(error) }, `Stopping failed: ${thrownError(error).message}`)
  })
  if (!(await settlesWithin(systemClock, stopping, stopLimitMs)))
    logger.warn(`Stopping took longer than ${stopLimitMs} ms; what still runs is given up`)
  ending.close()
  clearInterval(hold)
  return code
}

interface Surroundings {
  readonly logger: AppLogger
  readonly log: LogTail
  readonly ending: Ending
  readonly guards: ProcessGuards
}

/** A bot as far as it has started. */
class RunningBot {
  readonly #options: RunningOptions
  readonly #runOptions: RunOptions
  readonly #surroundings: Surroundings
  readonly #startedAt = Date.now()
  #project: Project | undefined
  #cleanUp: (() => Promise<void>) | undefined
  #control: Promise<ControlServer> | undefined

  constructor(options: RunningOptions, runOptions: RunOptions, surroundings: Surroundings) {
    this.#options = options
    this.#runOptions = runOptions
    this.#surroundings = surroundings
  }

  /** Starts step by step; ends early when the end has come meanwhile. */
  async start(): Promise<void> {
    const { mode, openModules, onStarted } = this.#runOptions
    const { logger, ending, guards } = this.#surroundings
    const { cwd, logLevel } = this.#options
    const startedAt = performance.now()
    const root = resolve(cwd)
    const modules = await openModules(root)
    if (ending.isEnding) return
    const project = await Project.open({
      root,
      mode,
      modules,
      logger,
      logLevel,
      stopLimits,
      onApp: (app) => ending.follow(app, () => adaptersOf(this.#project).length > 1),
    })
    this.#project = project
    guards.adopt(project.app)
    if (ending.isEnding) return
    await project.start()
    logger.info(startLine(project, performance.now() - startedAt))
    if (ending.isEnding) return
    this.#control = this.#openControl(project)
    const cleanUp = await onStarted?.(project, logger)
    // The stop may have begun meanwhile, without it.
    if (ending.isEnding) await cleanUp?.()
    else this.#cleanUp = cleanUp
  }

  /** Nothing that a bot needs waits for it. */
  async #openControl(project: Project): Promise<ControlServer> {
    const { logger, log, ending } = this.#surroundings
    const startedAt = this.#startedAt
    const { ControlServer, LocalControl } = await import('@mynah/control')
    return ControlServer.start({
      root: project.root,
      startedAt,
      control: new LocalControl({
        project,
        log,
        facts: { version: readVersion(), startedAt },
        end: (kind, by) => ending.asked(kind, by),
      }),
      onProblem: (problem) => logger.warn(problem),
    })
  }

  /** What is still being loaded holds nothing that would have to be given back before the process exits. */
  async stop(): Promise<void> {
    await this.#cleanUp?.()
    await this.#project?.stop()
    const control = await this.#control
    await control?.close()
  }
}

function adaptersOf(project: Project | undefined): readonly PlannedEntry[] {
  return project?.plan.entries.filter(({ id }) => id.startsWith('adapters.')) ?? []
}

/** What runs now, for people who look whether everything is there. */
function startLine(project: Project, durationMs: number): string {
  const adapters = adaptersOf(project).length
  const plugins = project.plan.entries.filter(({ id }) => id.startsWith('plugins.')).length
  const counts = `${count(plugins, 'plugin')} and ${adapters === 0 ? 'no adapter' : count(adapters, 'adapter')}`
  const notLoaded = Array.from(project.entries.values()).filter(({ instance }) => instance === undefined)
  const failed = notLoaded.length === 0 ? '' : `; ${notLoaded.length} of them could not be loaded`
  return `Started with ${counts} in ${Math.round(durationMs)} ms${failed}`
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`
}
