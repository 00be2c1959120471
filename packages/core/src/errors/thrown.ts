import { inspect } from 'node:util'

/**
 * What was thrown, as an error whose name, message and stack can be read. JavaScript throws anything: objects
 * without a prototype, proxies, errors whose getters throw. This never throws.
 */
export function thrownError(thrown: unknown): Error {
  try {
    if (thrown instanceof Error && isReadable(thrown)) return thrown
  } catch {
    // A proxy whose traps throw, or a getter that does: it is described instead.
  }
  const error = new Error(describe(thrown))
  // Where it was looked at is not where it was thrown.
  error.stack = `Error: ${error.message}`
  return error
}

/** An error with the name, message and stack of another, and nothing that could fail to be written. */
export function plainError(thrown: unknown): Error {
  const { name, message, stack } = thrownError(thrown)
  const plain = new Error(message)
  plain.name = name
  if (stack !== undefined) plain.stack = stack
  return plain
}

function isReadable({ name, message, stack }: Error): boolean {
  return (
    typeof name === 'string' &&
    typeof message === 'string' &&
    (stack === undefined || typeof stack === 'string')
  )
}

function describe(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown
  try {
    return inspect(thrown, { depth: 1, breakLength: Infinity, maxStringLength: 2000, showProxy: true })
  } catch {
    return 'a value that cannot be shown was thrown'
  }
}
