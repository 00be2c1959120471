import { distance } from 'fastest-levenshtein'

import type { Command } from './command.ts'
import type { CommandName } from './command-table.ts'

/** How many names are suggested. */
export const maxSuggestions = 3
/** Of shorter words everything is near, and longer ones are no names. */
const minLength = 2
const maxLength = 32

/** A name that somebody may have meant. */
export interface Suggestion {
  readonly name: string
  readonly command: Command
}

/** Names of visible commands that somebody may have meant, nearest first. */
export function suggest(names: Iterable<readonly [string, CommandName]>, written: string): Suggestion[] {
  if (written.length < minLength || written.length > maxLength) return []
  const word = written.toLowerCase()
  const allowed = Math.max(1, Math.floor(word.length / 3))
  const near: { name: string; command: Command; steps: number }[] = []
  for (const [name, { command }] of names) {
    if (command.isHidden || Math.abs(name.length - word.length) > allowed) continue
    const steps = isSwapped(word, name) ? 1 : distance(word, name)
    if (steps <= allowed) near.push({ name, command, steps })
  }
  return near.sort((a, b) => a.steps - b.steps)
}

/** Whether two neighbouring letters are all that is wrong: the commonest slip, and two steps of distance. */
function isSwapped(written: string, name: string): boolean {
  const at = Array.from(name).findIndex((letter, index) => letter !== written[index])
  if (at < 0 || written.length !== name.length) return false
  const swapped = name.slice(0, at) + name.charAt(at + 1) + name.charAt(at) + name.slice(at + 2)
  return swapped === written
}
