import { MynahError } from '../../src/index.ts'

/** A value as another process would have it. */
export function copy<T>(value: T): T {
  const text = JSON.stringify(value)
  // What another process reads is of the same shape: that is what the suites show.
  return text === undefined ? value : (JSON.parse(text) as T)
}

/** @throws MynahError `UNSUPPORTED` for what no text can carry. */
export function refuseToCopy(path: readonly string[], args: readonly unknown[]): void {
  const alive = args.find((arg) => typeof arg === 'function' || isStream(arg))
  if (alive === undefined) return
  throw new MynahError(
    'UNSUPPORTED',
    `${path.join('.')} takes a callback or a stream, which stays in one process.`,
  )
}

function isStream(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}
