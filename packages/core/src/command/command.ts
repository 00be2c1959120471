import type { Filter, Scope } from '../lifecycle/scope.ts'
import { type Content, type Element, isElement, text } from '../message/element.ts'
import type { MessageSession } from '../middleware/middleware.ts'
import type { OptionSpec, ParameterSpec } from './grammar.ts'

/** What a command answers with: content, nothing, or pieces of content as they come. */
export type CommandAnswer = Content | void | AsyncIterable<Content>

/** One use of a command. */
export interface Invocation<Args = readonly unknown[], Options = Readonly<Record<string, unknown>>> {
  readonly args: Args
  readonly options: Options
  readonly session: MessageSession
  /** Full name of the command. */
  readonly command: string
}

/** What a command does. What it returns is sent as the answer. */
export type Action<Args = readonly unknown[], Options = Readonly<Record<string, unknown>>> = (
  invocation: Invocation<Args, Options>,
) => CommandAnswer | Promise<CommandAnswer>

/** A declared command. */
export interface Command {
  /** Full name, words separated by a space: `guild ban`. */
  readonly name: string
  readonly scope: Scope
  readonly description: string
  readonly parameters: readonly ParameterSpec[]
  readonly options: OptionSpec[]
  readonly examples: string[]
  usage: string | undefined
  isHidden: boolean
  when: Filter | undefined
  /** `undefined` for a command that only has sub-commands. */
  action: Action | undefined
}

/** Whether an answer comes in pieces. */
export function isStream(answer: CommandAnswer): answer is AsyncIterable<Content> {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer
}

/** Whether there is anything to send. */
export function isSilent(answer: Content | void): boolean {
  if (Array.isArray(answer)) return answer.every(isSilent)
  return answer === undefined || answer === null || answer === '' || typeof answer === 'boolean'
}

/** Elements of a message from `from` on, without white space in front. */
export function trimStart(elements: readonly Element[]): readonly Element[] {
  const [first] = elements
  if (first === undefined || !isElement(first, 'text')) return elements
  const content = first.attrs.content.trimStart()
  if (content === '') return trimStart(elements.slice(1))
  return content === first.attrs.content ? elements : withText(elements, content)
}

/** The message with another text in its first place; without that place when the text is empty. */
export function withText(elements: readonly Element[], content: string): readonly Element[] {
  if (content === '') return elements.slice(1)
  return elements.length === 1 ? [text(content)] : [text(content), ...elements.slice(1)]
}
