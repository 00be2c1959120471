/** Whether a value carries a brand, whatever copy of this package gave it. Never throws. */
export function hasBrand(value: unknown, brand: symbol): boolean {
  try {
    return typeof value === 'object' && value !== null && brand in value
  } catch {
    // A proxy that does not want to be looked at is none of ours.
    return false
  }
}
