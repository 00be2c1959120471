/**
 * From a config file to a running plugin tree, with hot reload. The `bot` command is a thin face over this.
 *
 * @example
 * ```ts
 * const project = await Project.open({ root: process.cwd(), mode: 'production' })
 * await project.start()
 * ```
 *
 * @packageDocumentation
 */
export { envFileNames, type Mode } from './config/env-files.ts'
export { formatIssue, ProjectConfigError, type ProjectIssue } from './config/issue.ts'
export { type BotConfig, type ConfigEntry, defineConfig, type EntryOptions } from './config/schema.ts'
export { configFileNames } from './config/source.ts'
export { codeFrame, type SourcePlace } from './modules/code-frame.ts'
export { type FoldedStack, foldStack } from './modules/stack-fold.ts'
export type { LoadedModule, ModuleLoader } from './modules/module-loader.ts'
export { NativeLoader } from './modules/native-loader.ts'
export { ViteLoader } from './modules/vite-loader.ts'
export { describeReload, type ReloadLine } from './project/describe-reload.ts'
export type { AbsentEntry, Plan, PlannedEntry } from './project/plan.ts'
export { type FailedEntry, Project, type ProjectOptions, type RunningEntry } from './project/project.ts'
export { Reloader, type ReloadReport } from './project/reloader.ts'
export { ProjectWatcher, type WatchOptions } from './project/watcher.ts'
