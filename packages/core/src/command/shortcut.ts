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
  readonly #phrases = new Map<string, Phrase>()
  readonly #patterns: Pattern[] = []

  get size(): number {
    return this.#phrases.size + this.#patterns.length
  }

  /** @returns The command that the phrase calls already, which it goes on calling. */
  add(command: Command, shortcut: CommandShortcut): Command | undefined {
    if ('pattern' in shortcut) {
      const { pattern, preset } = shortcut
      // Without `g` and `y`, which would make it remember where it was.
      const stateless = new RegExp(pattern.source, pattern.flags.replaceAll(/[gy]/g, ''))
      this.#patterns.push({ command, pattern: stateless, preset })
      return undefined
    }
    const { phrase, preset } = shortcut
    const key = phraseKey(phrase)
    const other = this.#phrases.get(key)?.command
    if (other === undefined) this.#phrases.set(key, { phrase, command, preset: () => preset })
    return other
  }

  /** The phrases that call a command. */
  phrasesOf(command: Command): string[] {
    const all = Array.from(this.#phrases.values())
    return all.filter((entry) => entry.command === command).map(({ phrase }) => phrase)
  }

  /** What a message may stand for, the likeliest first. */
  *find(content: readonly Element[]): Generator<ShortcutHit> {
    const [only] = content
    if (only === undefined || content.length > 1 || !isElement(only, 'text')) return
    const line = trimBlank(only.attrs.content)
    if (line === '' || line.length > maxLength) return
    const phrase = this.#phrases.get(line.toLowerCase()) ?? this.#phrases.get(narrow(line).toLowerCase())
    if (phrase !== undefined) yield phrase
    for (const { command, pattern, preset } of this.#patterns) {
      const match = pattern.exec(line)
      if (match !== null) yield { command, preset: () => preset(match) }
    }
  }
}

/** The same for phrases that are taken for one another. */
export function phraseKey(phrase: string): string {
  return phrase.trim().toLowerCase()
}
