import { MynahError } from '@mynah/core'

declare module '@mynah/core' {
  interface ErrorCodes {
    /** No bot runs in the folder. */
    CONTROL_NOT_RUNNING: true
    /** The bot runs and does not answer. */
    CONTROL_NO_ANSWER: true
    /** The bot runs on another version of Mynah. */
    CONTROL_VERSION: true
    /** What was asked cannot be read, or is not known. */
    CONTROL_INVALID: true
    /** The bot could not do it. */
    CONTROL_FAILED: true
    /** There is no place where a bot could be asked. */
    CONTROL_PLACE: true
  }
}

/** The codes of a {@link ControlError}. */
export type ControlErrorCode =
  | 'CONTROL_NOT_RUNNING'
  | 'CONTROL_NO_ANSWER'
  | 'CONTROL_VERSION'
  | 'CONTROL_INVALID'
  | 'CONTROL_FAILED'
  | 'CONTROL_PLACE'

/** A bot could not be asked, or could not do it. */
export class ControlError extends MynahError {
  override readonly name: string = 'ControlError'
  /** Stable: match on it. */
  declare readonly code: ControlErrorCode

  /** Recognises errors of any copy of this package. */
  static override is(error: unknown): error is ControlError {
    return MynahError.is(error) && error.code.startsWith('CONTROL_')
  }
}
