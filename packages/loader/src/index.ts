/**
 * From a config file to a running plugin tree. The `bot` command is a thin face over this; hot reload is the entry
 * `@mynah/loader/reload`.
 *
 * @example
 * ```ts
 * const project = await Project.open({ root: process.cwd(), mode: 'production' })
 * await project.start()
 * ```
 *
 * @packageDocumentation
 */
export { ConfigFile } from './config/config-file.ts'
export { envFileNames, type Mode } from './config/env-files.ts'
export { formatIssue, ProjectConfigError, type ProjectIssue } from './config/issue.ts'
export { type BotConfig, type ConfigEntry, defineConfig, type EntryOptions } from './config/schema.ts'
export { configFileNames } from './config/find-config.ts'
export { codeFrame, type SourcePlace } from './modules/code-frame.ts'
export { type FoldedStack, foldStack } from './modules/stack-fold.ts'
export type { LoadedModule, ModuleLoader } from './modules/module-loader.ts'
export { NativeLoader } from './modules/native-loader.ts'
export type { ProjectEntry } from './project/entries.ts'
export type { AbsentEntry, Plan, PlannedEntry } from './project/plan.ts'
export { Project, type ProjectOptions } from './project/project.ts'
export type { EntryChange, Stale } from './project/replace.ts'
