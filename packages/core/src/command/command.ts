import type { Filter } from '../filter/combine.ts'
import type { Scope } from '../lifecycle/scope.ts'
import type { Content } from '../message/element.ts'
import type { MessageSession } from '../middleware/middleware.ts'
import type { KeyedQueue } from '../middleware/keyed-queue.ts'
import type { Permission } from '../permission/permission.ts'
import type { OptionSpec, ParameterSpec } from './grammar.ts'
import type { Limit } from './limit.ts'
import type { PresetLine } from './read.ts'

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

/** Another name of a command. */
export interface CommandAlias {
  readonly name: string
  /** What it fills in. */
  readonly preset?: PresetLine | undefined
  /** Whether it gives way to whoever else wants the name, and is not shown. */
  readonly isSpare?: boolean
}

/** A message that calls a command without being one: exactly a phrase, or what fits a pattern. */
export type CommandShortcut =
  | { readonly phrase: string; readonly preset: PresetLine }
  | { readonly pattern: RegExp; readonly preset: (match: RegExpExecArray) => PresetLine }

/** A command as its plugin declares it, whatever the config changes. Its builder fills it in. */
export interface DeclaredCommand {
  /** Full name, words separated by a space: `guild ban`. */
  readonly name: string
  readonly scope: Scope
  /** The command above it, whose filter and permission hold here too. */
  readonly parent: DeclaredCommand | undefined
  readonly description: Description
  readonly parameters: readonly ParameterSpec[]
  readonly options: OptionSpec[]
  readonly aliases: CommandAlias[]
  readonly shortcuts: CommandShortcut[]
  readonly examples: string[]
  readonly limits: Limit[]
  usage?: Description | undefined
  isHidden?: boolean
  when?: Filter | undefined
  /** Who may use it; everybody when absent. */
  permission?: Permission | undefined
  queue?: KeyedQueue
  /** `undefined` for a command that only has sub-commands. */
  action?: Action | undefined
}

/** A command as people meet it: as its plugin declares it, with what the config changes. */
export interface Command extends Readonly<
  Pick<DeclaredCommand, 'scope' | 'description' | 'parameters' | 'options' | 'usage' | 'when' | 'action'>
> {
  readonly declared: DeclaredCommand
  /** Full name, words separated by a space: `guild ban`. */
  readonly name: string
  readonly parent: Command | undefined
  readonly examples: readonly string[]
  readonly isHidden: boolean
  /** Who may use it; everybody when absent. */
  readonly permission: Permission | undefined
  /** What keeps it from being used too often; absent for most. */
  readonly guard: CommandGuard | undefined
}

/** What keeps a command from being used too often. */
export interface CommandGuard {
  readonly limits: readonly Limit[]
  readonly queue: KeyedQueue | undefined
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
