export { errorCodes, type ErrorCode } from './errors/codes.ts'
export { MynahError, type MynahErrorOptions } from './errors/mynah-error.ts'
export { UserError } from './errors/user-error.ts'
export { backoffDelay, type BackoffOptions } from './shared/backoff.ts'
