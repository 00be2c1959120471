import { type Element, isElement } from '../message/element.ts'
import { trimBlank } from '../shared/blank.ts'
import { narrow } from '../shared/narrow.ts'
import type { Command, CommandShortcut } from './command.ts'
import type { PresetLine } from './read.ts'

/** A message that stands for a command line. */
export interface ShortcutHit {
  readonly command: Command
  /** What the message fills in; may throw what the plugin throws. */
  readonly preset: () => PresetLine
}

interface Phrase extends ShortcutHit {
  /** As it was written first. */
  readonly phrase: string
}

interface Pattern {
  readonly command: Command
  readonly pattern: RegExp
  readonly preset: (match: RegExpExecArray) => PresetLine
}

/** Longer messages are no shortcuts: patterns are plugins' own, and may be slow on what they were not made for. */
const maxLength = 500

/** Messages that call a command without being one. */
export class ShortcutTable {
  /** Under each key all whose it is, the first in front: where that one is not, the next is called. */
  readonly #phrases = new Map<string, Phrase[]>()
  readonly #patterns: Pattern[] = []
  /** Whose each pattern is first. */
  readonly #patternOwners = new Map<string, Command>()

  get size(): number {
    return this.#phrases.size + this.#patterns.length
  }

  /** @returns The command that an equal phrase or pattern calls already, and that goes before this one. */
  add(command: Command, shortcut: CommandShortcut): Command | undefined {
    if ('pattern' in shortcut) {
      const { pattern, preset } = shortcut
      // Without `g` and `y`, which would make it remember where it was.
      const stateless = new RegExp(pattern.source, pattern.flags.replaceAll(/[gy]/g, ''))
      const owner = this.#patternOwners.get(String(stateless))
      if (owner === undefined) this.#patternOwners.set(String(stateless), command)
      this.#patterns.push({ command, pattern: stateless, preset })
      return owner
    }
    const { phrase, preset } = shortcut
    const key = phraseKey(phrase)
    const entry = { phrase, command, preset: () => preset }
    const all = this.#phrases.get(key)
    if (all === undefined) this.#phrases.set(key, [entry])
    else all.push(entry)
    return all?.[0]?.command
  }

  /** The phrases that call a command, and no other one before it. */
  phrasesOf(command: Command): string[] {
    return Array.from(this.#phrases.values()).flatMap(([first]) =>
      first?.command === command ? [first.phrase] : [],
    )
  }

  /** What a message may stand for, the likeliest first. */
  *find(content: readonly Element[]): Generator<ShortcutHit> {
    const [only] = content
    if (only === undefined || content.length > 1 || !isElement(only, 'text')) return
    const line = trimBlank(only.attrs.content)
    if (line === '' || line.length > maxLength) return
    const phrases = this.#phrases.get(line.toLowerCase()) ?? this.#phrases.get(narrow(line).toLowerCase())
    if (phrases !== undefined) yield* phrases
    for (const { command, pattern, preset } of this.#patterns) {
      const match = pattern.exec(line)
      if (match !== null) yield { command, preset: () => preset(match) }
    }
  }
}

/** What the config calls a shortcut: its phrase, or the pattern between slashes. */
export function shortcutText(shortcut: CommandShortcut): string {
  return 'phrase' in shortcut ? shortcut.phrase : String(shortcut.pattern)
}

/** The shortcut of a command that the config means; a phrase that fills nothing in where the plugin has none. */
export function shortcutOf(declared: readonly CommandShortcut[], written: string): CommandShortcut {
  const isMeant = (one: CommandShortcut): boolean =>
    'phrase' in one ? phraseKey(one.phrase) === phraseKey(written) : shortcutText(one) === written
  return declared.find(isMeant) ?? { phrase: written, preset: {} }
}

/** The same for phrases that are taken for one another. */
function phraseKey(phrase: string): string {
  return phrase.trim().toLowerCase()
}
