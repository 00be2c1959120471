import { MynahError, type MynahErrorOptions } from '@mynah/core'

declare module '@mynah/core' {
  interface ErrorCodes {
    /** A key or a value that cannot be stored, or is not what the plugin expects. */
    STORAGE_INVALID: true
  }
}

/** A key or a value that cannot be stored, or is not what the plugin expects. */
export function storageError(detail: string, options: MynahErrorOptions = {}): MynahError {
  return new MynahError('STORAGE_INVALID', detail, options)
}
