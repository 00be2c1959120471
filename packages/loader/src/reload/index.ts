/**
 * Takes saved files into a running project, for development: modules through Vite's runner, a watcher, and what
 * each reload did. `bot start` loads none of it.
 *
 * @example
 * ```ts
 * const project = await Project.open({ root, mode: 'development', modules: await ViteLoader.start(root) })
 * await project.start()
 * const watcher = await ProjectWatcher.start(project, { onReload: (reports) => console.log(reports) })
 * ```
 *
 * @packageDocumentation
 */
export { describeReload, type ReloadLine } from './describe-reload.ts'
export { Reloader, type ReloadReport } from './reloader.ts'
export { ViteLoader } from './vite-loader.ts'
export { ProjectWatcher, type WatchOptions } from './watcher.ts'
