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
  /** Arguments by their places, typed as declared. */
  readonly args: Args
  /** Options by their names, typed as declared. */
  readonly options: Options
  /** The message that calls the command. */
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
  /** As it is written, without prefix. */
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
  /** Whose it is. */
  readonly scope: Scope
  /** The command above it, whose filter and permission hold here too. */
  readonly parent: DeclaredCommand | undefined
  /** What it does, for `help`. */
  readonly description: Description
  /** Its arguments, in order. */
  readonly parameters: readonly ParameterSpec[]
  /** Its options. */
  readonly options: OptionSpec[]
  /** Its other names. */
  readonly aliases: CommandAlias[]
  /** Messages that call it without being a command. */
  readonly shortcuts: CommandShortcut[]
  /** Lines that show how it is used. */
  readonly examples: string[]
  /** How often it may be used. */
  readonly limits: Limit[]
  /** A longer text for `help`. */
  usage?: Description | undefined
  /** Whether lists and suggestions leave it out. */
  isHidden?: boolean
  /** Where it exists; everywhere when absent. */
  when?: Filter | undefined
  /** Who may use it; everybody when absent. */
  permission?: Permission | undefined
  /** Lets one use through at a time. */
  queue?: KeyedQueue
  /** `undefined` for a command that only has sub-commands. */
  action?: Action | undefined
}

/** A command as people meet it: as its plugin declares it, with what the config changes. */
export interface Command extends Readonly<
  Pick<DeclaredCommand, 'scope' | 'description' | 'parameters' | 'options' | 'usage' | 'when' | 'action'>
> {
  /** What its plugin says. */
  readonly declared: DeclaredCommand
  /** Full name, words separated by a space: `guild ban`. */
  readonly name: string
  /** The command above it. */
  readonly parent: Command | undefined
  /** Lines that show how it is used, as people have to write them. */
  readonly examples: readonly string[]
  /** Whether lists and suggestions leave it out. */
  readonly isHidden: boolean
  /** Who may use it; everybody when absent. */
  readonly permission: Permission | undefined
  /** What keeps it from being used too often; absent for most. */
  readonly guard: CommandGuard | undefined
}

/** What keeps a command from being used too often. */
export interface CommandGuard {
  /** How often it may be used. */
  readonly limits: readonly Limit[]
  /** Lets one use through at a time. */
  readonly queue: KeyedQueue | undefined
}

/** Whether something holds for a command and for all above it. */
export function holdsUpwards<C extends { readonly parent: C | undefined }>(
  command: C | undefined,
  holds: (one: C) => boolean,
): boolean {
  for (let one = command; one !== undefined; one = one.parent) if (!holds(one)) return false
  return true
}

/** A description in one language. */
export function describe(description: Description, locale: string): string {
  return typeof description === 'string' ? description : description(locale)
}

/** Whether an answer comes in pieces. */
export function isStream(answer: CommandAnswer): answer is AsyncIterable<Content> {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer
}
