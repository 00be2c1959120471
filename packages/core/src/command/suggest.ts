import { distance } from 'fastest-levenshtein'

import type { CommandRegistry } from './registry.ts'

const maxSuggestions = 3
const maxLength = 32

/** Names of visible commands that somebody may have meant, nearest first. */
export function suggest(registry: CommandRegistry, written: string): string[] {
  if (written.length > maxLength) return []
  const word = written.toLowerCase()
  const allowed = Math.max(1, Math.floor(word.length / 3))
  return registry
    .names()
    .filter((name) => registry.get(name)?.isHidden !== true && Math.abs(name.length - word.length) <= allowed)
    .map((name) => ({ name, distance: distance(word, name) }))
    .filter((candidate) => candidate.distance <= allowed)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, maxSuggestions)
    .map(({ name }) => name)
}
