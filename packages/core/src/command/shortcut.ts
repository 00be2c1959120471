import { MynahError } from '../errors/mynah-error.ts'
import { type Element, isElement } from '../message/element.ts'
import { trimBlank } from '../shared/blank.ts'
import { narrow } from '../shared/narrow.ts'
import type { Command } from './command.ts'
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
  #patterns: readonly Pattern[] = []

  get size(): number {
    return this.#phrases.size + this.#patterns.length
  }

  /** @returns Takes it away. @throws MynahError `COMMAND_CONFLICT` when the phrase calls a command already. */
  addPhrase(phrase: string, command: Command, preset: PresetLine): () => void {
    const key = phrase.trim().toLowerCase()
    const other = this.#phrases.get(key)?.command
    if (other !== undefined) {
      throw new MynahError(
        'COMMAND_CONFLICT',
        `The shortcut "${phrase}" of plugin ${command.scope.name} calls "${other.name}" of plugin ${other.scope.name} already.`,
      )
    }
    this.#phrases.set(key, { phrase, command, preset: () => preset })
    return () => void this.#phrases.delete(key)
  }

  /** @returns Takes it away. */
  addPattern(pattern: RegExp, command: Command, preset: Pattern['preset']): () => void {
    // Without `g` and `y`, which would make it remember where it was.
    const stateless = new RegExp(pattern.source, pattern.flags.replaceAll(/[gy]/g, ''))
    const entry: Pattern = { command, pattern: stateless, preset }
    this.#patterns = [...this.#patterns, entry]
    return () => {
      this.#patterns = this.#patterns.filter((other) => other !== entry)
    }
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
