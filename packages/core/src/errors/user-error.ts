import { hasBrand } from '../shared/brand.ts'

const brand = Symbol.for('mynah.user-error')

/**
 * A mistake of the person in the chat, not of the program: the message is sent to them as the answer and
 * nothing is logged as an error.
 *
 * @example
 * ```ts
 * if (amount > balance) throw new UserError(`You have only ${balance} coins.`)
 * ```
 */
export class UserError extends Error {
  override readonly name: string = 'UserError'

  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    Object.defineProperty(this, brand, { value: true })
  }

  /** Recognises errors of any copy of this package. */
  static is(error: unknown): error is UserError {
    return hasBrand(error, brand)
  }
}
