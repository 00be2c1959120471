import type { Filter } from '../filter/filter.ts'
import type { Scope } from '../lifecycle/scope.ts'
import type { Content } from '../message/element.ts'
import type { MessageSession } from '../middleware/middleware.ts'
import type { Lanes } from '../middleware/lanes.ts'
import type { Permission } from '../permission/permission.ts'
import type { OptionSpec, ParameterSpec } from './grammar.ts'
import type { Limit } from './limit.ts'

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

/** A text for people: one for all, or one for each language (`zh-CN`). */
export type Description = string | ((locale: string) => string)

/** A declared command. */
export interface Command {
  /** Full name, words separated by a space: `guild ban`. */
  readonly name: string
  /** The same as the plugin declares it, before the config renames it. */
  readonly declaredName: string
  readonly scope: Scope
  /** The command above it, whose filter and permission hold here too. */
  readonly parent: Command | undefined
  readonly description: Description
  readonly parameters: readonly ParameterSpec[]
  readonly options: OptionSpec[]
  readonly examples: string[]
  usage: Description | undefined
  isHidden: boolean
  when: Filter | undefined
  /** Who may use it; everybody when absent. */
  permission: Permission | undefined
  /** What keeps it from being used too often; absent for most. */
  guard: CommandGuard | undefined
  /** `undefined` for a command that only has sub-commands. */
  action: Action | undefined
}

/** What keeps a command from being used too often. */
export interface CommandGuard {
  readonly limits: readonly Limit[]
  readonly lanes: Lanes | undefined
}

/** A description in one language. */
export function describe(description: Description, locale: string): string {
  return typeof description === 'string' ? description : description(locale)
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
