/** A list; what is none, as the `null` of some pushes, is empty. */
export function listIn<T>(value: readonly T[] | null | undefined): readonly T[] {
  return Array.isArray(value) ? value : []
}

/** Reads a value where there is one. */
export function mapped<T, R>(value: T | undefined, read: (value: T) => R): R | undefined {
  return value === undefined ? undefined : read(value)
}
