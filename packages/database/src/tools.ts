/**
 * For whoever runs a bot: copies of everything that it has stored, and the way from one database to another.
 *
 * @packageDocumentation
 */
export { type BackupContents, checkBackup, type TableCount } from './backup/check.ts'
export {
  backup,
  type BackupOptions,
  type BackupResult,
  move,
  type MoveOptions,
  restore,
  type RestoreOptions,
  type RestoreResult,
} from './backup/tools.ts'
