import { resolve } from 'node:path'

import { type AppLogger, deferred, MynahError } from '@mynah/core'
import { type Mode, type ModuleLoader, Project, type ProjectOptions } from '@mynah/loader'

import { createCliLogger } from './logger.ts'
import type { CommonOptions } from './program.ts'

/** What `bot` exits with. */
export const exitCodes = {
  ok: 0,
  /** The bot could not start: the config is wrong, a file is missing. */
  failed: 1,
} as const

/** How a project is run. */
export interface RunOptions {
  readonly mode: Mode
  readonly openModules: (root: string) => Promise<ModuleLoader>
  /** Is called once all plugins have started; what it returns is called at the stop. */
  readonly onStarted?: (project: Project, logger: AppLogger) => Promise<() => Promise<void>>
}

/**
 * Runs a project until a signal or a plugin ends it. Errors that nobody awaited are reported in the name of
 * their plugin and end nothing.
 *
 * @returns The exit code.
 */
export async function run(
  options: CommonOptions,
  { mode, openModules, onStarted }: RunOptions,
): Promise<number> {
  const logger = await createCliLogger(options.logLevel)
  const root = resolve(options.cwd)
  try {
    const modules = await openModules(root)
    const project = await open({ root, mode, modules, logger }, options.logLevel)
    const guards = guardProcess(project)
    const ending = waitForEnd(project, logger)
    await project.start()
    const cleanUp = await onStarted?.(project, logger)
    const code = await ending.ended
    await cleanUp?.()
    await project.stop()
    guards()
    ending.release()
    return code
  } catch (error) {
    logger.fatal(describe(error))
    return exitCodes.failed
  }
}

async function open(options: ProjectOptions, level: string | undefined): Promise<Project> {
  const project = await Project.open(options)
  if (level !== undefined) project.app.logger.level = level
  return project
}

function describe(error: unknown): string {
  if (MynahError.is(error)) return `${error.code}: ${error.message}`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

interface Ending {
  /** Resolves with the exit code when a signal or a plugin asks for the end. */
  readonly ended: Promise<number>
  /** Leaves signals to others again. */
  release(): void
}

/** Waits for the end. A second signal ends at once. */
function waitForEnd(project: Project, logger: AppLogger): Ending {
  const { promise, resolve: end } = deferred<number>()
  let isEnding = false
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isEnding) process.exit(exitCodes.failed)
    isEnding = true
    logger.info(`${signal}: stopping; once more to stop at once`)
    end(exitCodes.ok)
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  project.app.on('exit-requested', ({ code }) => end(code))
  return { ended: promise, release: () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal) }
}

function guardProcess(project: Project): () => void {
  const onRejection = (reason: unknown): void =>
    project.app.reportUnowned(reason, 'a promise that nobody awaited')
  const onException = (error: unknown): void => project.app.reportUnowned(error, 'a callback')
  process.on('unhandledRejection', onRejection)
  process.on('uncaughtException', onException)
  return () => {
    process.off('unhandledRejection', onRejection)
    process.off('uncaughtException', onException)
  }
}
