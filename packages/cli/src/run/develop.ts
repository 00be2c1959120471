import { type AppLogger, LeakDetector } from '@mynah/core'
import type { Project } from '@mynah/loader'
import { describeReload, ProjectWatcher, type ReloadReport, ViteLoader } from '@mynah/loader/reload'

import type { StopSignals } from '../process/stop-signals.ts'
import { followSupervisor, restartExitCode } from '../process/supervised.ts'
import type { RunningOptions } from '../options.ts'
import { describeOrder } from './describe-order.ts'
import { run } from './run.ts'

/** Runs a bot on modules through Vite's runner, reloaded when they are saved. @returns The exit code. */
export async function develop(options: RunningOptions, signals: StopSignals): Promise<number> {
  process.env['NODE_ENV'] ??= 'development'
  const leaks = new LeakDetector()
  const code = await run(options, {
    mode: 'development',
    signals,
    openModules: (root) => ViteLoader.start(root),
    onBegin: (ending) => followSupervisor(signals, () => ending.orphaned()),
    onStarted: (project, logger) => watch(project, logger, leaks),
  })
  leaks.close()
  return code
}

async function watch(project: Project, logger: AppLogger, leaks: LeakDetector): Promise<() => Promise<void>> {
  let order = describeOrder(project.app)
  const watcher = await ProjectWatcher.start(project, {
    leaks,
    onReload: (reports) => {
      for (const report of reports) logReport(report, project, logger)
      const now = describeOrder(project.app)
      if (now !== order && now !== undefined) logger.info(now)
      order = now
      if (reports.some(({ kind }) => kind === 'restart'))
        project.app.emit('exit-requested', {
          code: restartExitCode,
          reason: 'A package has changed; the bot starts again',
        })
    },
  })
  if (order !== undefined) logger.info(order)
  logger.info('Watching for changes; save a file in plugins/ to see it live')
  return () => watcher.close()
}

/** What a reload did, a line or more. */
function logReport(report: ReloadReport, project: Project, logger: AppLogger): void {
  for (const { level, text } of describeReload(report, project.root)) logger[level](text)
}
