import type { AppLogger } from '@mynah/core'
import { type Project, ProjectWatcher, type ReloadReport, ViteLoader } from '@mynah/loader'

import type { CommonOptions } from '../program.ts'
import { run } from '../run.ts'

/** `bot dev`: modules through Vite's runner, reloaded when they are saved. */
export async function dev(options: CommonOptions): Promise<void> {
  process.env['NODE_ENV'] ??= 'development'
  await run(options, { mode: 'development', openModules: (root) => ViteLoader.start(root), onStarted: watch })
}

async function watch(project: Project, logger: AppLogger): Promise<() => Promise<void>> {
  const watcher = await ProjectWatcher.start(project, {
    onReload: (reports) => reports.forEach((report) => logReport(report, logger)),
  })
  logger.info('Watching for changes; save a file in plugins/ to see it live')
  return () => watcher.close()
}

/** One line a reload: what, why, how long, what is new. */
function logReport(report: ReloadReport, logger: AppLogger): void {
  const { kind, name, files, durationMs, commandsAdded, commandsGone, error } = report
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
}
