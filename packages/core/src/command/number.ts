/** A number as it is written; `undefined` for what is none, or is not finite. */
export function readNumber(value: string): number | undefined {
  const number = value.trim() === '' ? Number.NaN : Number(value)
  return Number.isFinite(number) ? number : undefined
}

/** A whole number that is exact; `undefined` for all else. */
export function readInteger(value: string): number | undefined {
  const number = readNumber(value)
  return number !== undefined && Number.isSafeInteger(number) ? number : undefined
}
