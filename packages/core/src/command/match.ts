import { type Element, isElement } from '../message/element.ts'
import type { ChatEvents } from '../model/event.ts'
import { isHere } from './access.ts'
import type { Addressed } from './address.ts'
import { type Command, trimStart, withText } from './command.ts'
import type { PresetLine } from './read.ts'
import type { CommandRegistry } from './registry.ts'

/** A command that a message calls, and what it says to it. */
export interface Match {
  readonly command: Command
  readonly rest: readonly Element[]
  /** What the name or the phrase fills in. */
  readonly preset: (() => PresetLine) | undefined
}

const nothing: readonly Element[] = []

/** Finds the command whose name a line begins with; of a command and its sub-commands the lowest. */
export function matchCommand(commands: CommandRegistry, content: readonly Element[]): Match | undefined {
  let cut = cutWord(content)
  const found = cut === undefined ? undefined : commands.find(cut.word)
  if (found === undefined || cut === undefined) return undefined
  let { command, preset } = found
  let { rest } = cut
  while (commands.hasChildren(command) && (cut = cutWord(rest)) !== undefined) {
    const child = commands.find(`${command.name} ${cut.word}`)
    if (child === undefined) break
    command = child.command
    preset = child.preset
    rest = cut.rest
  }
  return { command, rest, preset }
}

/** Finds the command that a whole message calls by a phrase or a pattern. */
export function matchShortcut(
  commands: CommandRegistry,
  event: ChatEvents['message-created'],
  addressed: Addressed | undefined,
): Match | undefined {
  if (addressed?.isPrefixed === true) return undefined
  for (const { command, preset } of commands.shortcuts.find(addressed?.content ?? event.message.content)) {
    if (isHere(command, event)) return { command, rest: nothing, preset }
  }
  return undefined
}

/** The first word of a message, and what follows it. */
export function cutWord(content: readonly Element[]): { word: string; rest: readonly Element[] } | undefined {
  const [first] = content
  if (first === undefined || !isElement(first, 'text')) return undefined
  const line = first.attrs.content.trimStart()
  const end = line.search(/\s/)
  if (line === '') return undefined
  if (end < 0) return { word: line, rest: content.slice(1) }
  return { word: line.slice(0, end), rest: trimStart(withText(content, line.slice(end))) }
}
