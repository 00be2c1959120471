import { distance } from 'fastest-levenshtein'

/** Names that may have been meant by one that does not exist: a third of their letters may be wrong. */
export function nearest(name: string, known: Iterable<string>): string[] {
  const isNear = (other: string): boolean =>
    other !== name &&
    distance(other.toLowerCase(), name.toLowerCase()) <= Math.max(1, Math.floor(other.length / 3))
  return Array.from(new Set(known)).filter(isNear)
}
