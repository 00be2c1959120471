import { MynahError, type MynahErrorOptions } from '@mynah/core'

declare module '@mynah/core' {
  interface ErrorCodes {
    /** A backup cannot be read, or not be written where it should be. */
    BACKUP_FILE: true
    /** A backup is not what was written: it was cut off, or changed. */
    BACKUP_DAMAGED: true
    /** A backup of a newer version. */
    BACKUP_VERSION: true
    /** A database that should be empty has something in it. */
    DATABASE_NOT_EMPTY: true
  }
}

type BackupErrorCode = 'BACKUP_FILE' | 'BACKUP_DAMAGED' | 'BACKUP_VERSION' | 'DATABASE_NOT_EMPTY'

/** What is wrong with a backup, or with where it should go. */
export function backupError(
  code: BackupErrorCode,
  detail: string,
  options: MynahErrorOptions = {},
): MynahError {
  return new MynahError(code, detail, options)
}
