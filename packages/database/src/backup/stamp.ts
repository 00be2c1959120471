/** The time as a part of a file's name. */
export function stampNow(): string {
  return new Date().toISOString().replaceAll(/[:.]/g, '-')
}
