import { hasBrand } from '../shared/brand.ts'
import { type ErrorCode, openingOf } from './codes.ts'
import { thrownError } from './thrown.ts'

const brand = Symbol.for('mynah.error')

/** Options of every {@link MynahError}. */
export interface MynahErrorOptions extends ErrorOptions {
  /** Whether trying the same again later may work. @defaultValue false */
  retriable?: boolean
  /** How long the platform asked to wait before that, in ms. @defaultValue it did not say */
  retryAfterMs?: number | undefined
}

/**
 * The root of all errors the framework throws: a stable code, a message that says what failed and what to
 * do next, and the cause where there is one.
 *
 * @example
 * ```ts
 * throw new MynahError('API_REJECTED', 'send_msg answered retcode 100: the group is muted.', { cause })
 * ```
 */
export class MynahError extends Error {
  override readonly name: string = 'MynahError'
  /** Stable: match on it, not on the message. */
  readonly code: ErrorCode
  /** Whether trying the same again later may work. */
  readonly retriable: boolean
  /** How long the platform asked to wait before that, in ms. */
  readonly retryAfterMs: number | undefined

  constructor(code: ErrorCode, detail = '', options: MynahErrorOptions = {}) {
    super(`${openingOf(code)} ${detail}`.trim(), options)
    this.code = code
    this.retriable = options.retriable ?? false
    this.retryAfterMs = options.retryAfterMs
    Object.defineProperty(this, brand, { value: true })
  }

  /** What the message says beyond the sentence of its code. */
  get detail(): string {
    const opening = openingOf(this.code)
    return this.message.startsWith(opening) ? this.message.slice(opening.length).trim() : this.message
  }

  /** As plain data, for whoever is in another process. */
  toJSON(): Pick<MynahError, 'code' | 'message' | 'retriable' | 'retryAfterMs'> {
    return Object.assign({}, this, { message: this.message })
  }

  /** Recognises errors of any copy of this package. */
  static is(error: unknown): error is MynahError {
    return hasBrand(error, brand)
  }

  /** Wraps what is not a {@link MynahError} yet; the original becomes the cause. */
  static from(error: unknown, code: ErrorCode): MynahError {
    if (MynahError.is(error)) return error
    if (isPlain(error)) return Object.assign(new MynahError(error.code), error)
    return new MynahError(code, thrownError(error).message, { cause: error })
  }
}

/** What {@link MynahError.toJSON} has made. */
function isPlain(error: unknown): error is ReturnType<MynahError['toJSON']> {
  return (
    typeof error === 'object' &&
    error !== null &&
    !(error instanceof Error) &&
    'code' in error &&
    'retriable' in error
  )
}
