import type { Address } from '../event/address.ts'
import { type Element, isElement } from '../message/element.ts'
import { trimStart, withoutMentionsBehind, withText } from '../message/trim.ts'
import type { ChatEvents } from '../model/event.ts'
import { trimBlankEnd, trimBlankStart } from '../shared/blank.ts'
import { narrow } from '../shared/narrow.ts'
import { isHere } from './access.ts'
import type { Command } from './command.ts'
import type { PresetLine } from './read.ts'
import type { CommandName, CommandTable } from './command-table.ts'

/** A command that a message calls, and what it says to it. */
export interface Match {
  /** What is called. */
  readonly command: Command
  /** What stands behind the name. */
  readonly rest: readonly Element[]
  /** What the name or the phrase fills in. */
  readonly preset: (() => PresetLine) | undefined
}

const nothing: readonly Element[] = []

/** Finds the command whose name a line begins with; of a command and its sub-commands the lowest. */
export function matchCommand(commands: CommandTable, content: readonly Element[]): Match | undefined {
  let cut = cutWord(content)
  const found = cut === undefined ? undefined : findName(commands, cut.word)
  if (found === undefined || cut === undefined) return undefined
  let { command, preset } = found
  let { rest } = cut
  while (commands.hasChildren(command) && (cut = cutWord(rest)) !== undefined) {
    const child = findName(commands, `${command.name} ${cut.word}`)
    if (child === undefined) break
    command = child.command
    preset = child.preset
    rest = cut.rest
  }
  return { command, rest, preset }
}

/** A name as it is written, or as its letters are in their usual width. */
function findName(commands: CommandTable, name: string): CommandName | undefined {
  return commands.find(name) ?? commands.find(narrow(name))
}

/**
 * Finds the command that a whole message calls by a phrase or a pattern. What mentions the bot or quotes does not
 * count, nor a mention that a client may have put in front of a reply; behind a prefix the prefix does, so that `#hp`
 * can be a phrase of a bot whose prefix is `#`.
 */
export function matchShortcut(
  commands: CommandTable,
  event: ChatEvents['message-created'],
  { prefixed, behindMention, line }: Address,
): Match | undefined {
  const content = withoutMentionsBehind(prefixed ?? behindMention ?? line, event.selfId)
  for (const { command, preset } of commands.shortcuts.find(content)) {
    if (isHere(command, event)) return { command, rest: nothing, preset }
  }
  return undefined
}

/** The first word of a message, and what follows it. */
export function cutWord(content: readonly Element[]): { word: string; rest: readonly Element[] } | undefined {
  const [first] = content
  if (first === undefined || !isElement(first, 'text')) return undefined
  const line = trimBlankStart(first.attrs.content)
  const end = line.search(/\s/)
  if (line === '') return undefined
  if (end < 0) return { word: trimBlankEnd(line), rest: content.slice(1) }
  return { word: trimBlankEnd(line.slice(0, end)), rest: trimStart(withText(content, line.slice(end))) }
}
