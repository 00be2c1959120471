import { relative } from 'node:path'

import type { AppLogger } from '@mynah/core'
import { type Project, ProjectWatcher, type ReloadReport, ViteLoader } from '@mynah/loader'

import type { CommonOptions } from '../program.ts'
import { restartExitCode, run, runAgain } from '../run.ts'

/** `bot dev`: modules through Vite's runner, reloaded when they are saved. */
export async function dev(options: CommonOptions): Promise<void> {
  process.env['NODE_ENV'] ??= 'development'
  const code = await run(options, {
    mode: 'development',
    openModules: (root) => ViteLoader.start(root),
    onStarted: watch,
  })
  process.exit(code === restartExitCode ? await runAgain() : code)
}

async function watch(project: Project, logger: AppLogger): Promise<() => Promise<void>> {
  const watcher = await ProjectWatcher.start(project, {
    onReload: (reports) => {
      for (const report of reports) logReport(report, project, logger)
      if (reports.some(({ kind }) => kind === 'restart'))
        project.app.emit('exit-requested', { code: restartExitCode })
    },
  })
  logger.info('Watching for changes; save a file in plugins/ to see it live')
  return () => watcher.close()
}

/** One line a reload: what, why, how long, what is new. */
function logReport(report: ReloadReport, project: Project, logger: AppLogger): void {
  const { leftovers, kind, name, files, durationMs, commandsAdded, commandsGone, error } = report
  const why = files.length > 3 ? `${files.length} files` : files.join(', ')
  if (error !== undefined) {
    logger.error(`${name} was not reloaded (${why}), the old version goes on: ${error.message}`)
    return
  }
  const news = [
    ...commandsAdded.map((command) => `+${command}`),
    ...commandsGone.map((command) => `-${command}`),
  ]
  const tail = news.length === 0 ? '' : ` [${news.join(' ')}]`
  logger.info(`${kind} ${name} (${why}) in ${durationMs.toFixed(1)} ms${tail}`)
  for (const { type, site } of leftovers) {
    const place = relative(project.root, site)
    logger.warn(
      `${name} left a ${type} behind, made at ${place}; use ctx (ctx.setInterval, ctx.effect) so that it ends with the plugin`,
    )
  }
}
