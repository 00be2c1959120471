import { MynahError } from '../errors/mynah-error.ts'
import type { Filter } from '../filter/combine.ts'
import type { Scope } from '../lifecycle/scope.ts'
import { type ConcurrencyOptions, KeyedQueue } from '../middleware/keyed-queue.ts'
import type { LimitScope } from '../middleware/limit-scope.ts'
import type { Permission } from '../permission/permission.ts'
import { right } from '../permission/predicates.ts'
import type { Clock } from '../shared/clock.ts'
import type { ArgumentTable } from './arguments.ts'
import type { Action, DeclaredCommand, Description } from './command.ts'
import { type ParameterSpec, parseDeclaration, parseOption } from './grammar.ts'
import type { LimitOptions } from './limit-options.ts'
import { type PresetLine, readFallback } from './read.ts'
import type { CommandRegistry } from './registry.ts'
import { readDuration } from './time.ts'
import type { ArgumentsOf, CheckedDeclaration, OptionOf } from './types.ts'

/** What builders need of the app. */
export interface CommandHost {
  /** By which limits count. */
  readonly clock: Clock
  /** Where commands are declared. */
  readonly commands: CommandRegistry
  /** Which types arguments may have. */
  readonly argumentTypes: ArgumentTable
}

/** What an alias or a shortcut fills in: the first arguments, and options; what is written comes on top. */
export interface Preset<Args extends readonly unknown[], Options extends object> {
  /** The first arguments. */
  readonly args?: Partial<Args>
  /** Options, by their names. */
  readonly options?: Partial<Options>
}

/** How long to wait between two uses. */
export interface CooldownOptions {
  /** How long, since the last use: ms, or a text such as `10s`. */
  readonly every: number | string
  /** Who waits together. @defaultValue 'user' */
  readonly per?: LimitScope
  /** Who need not wait, such as `superuser`. */
  readonly exempt?: Permission
}

/** How often a command may be used. */
export interface QuotaOptions {
  /** Uses in one period. */
  readonly count: number
  /** Length of a period, which begins with the first use: ms, or a text such as `1d`. */
  readonly every: number | string
  /** Who shares the uses. @defaultValue 'user' */
  readonly per?: LimitScope
  /** Who is not counted, such as `superuser`. */
  readonly exempt?: Permission
}

/**
 * Declares a command step by step; the types of `args` and `options` are read out of the declarations.
 *
 * @example
 * ```ts
 * ctx.command('roll [times:int=1]', 'Roll a die')
 *   .option('sides', '-s <n:int=6>', 'Faces of the die')
 *   .alias('r')
 *   .alias('d20', { options: { sides: 20 } })
 *   .action(({ args: [times], options: { sides } }) => `${times} × d${sides}`)
 * ```
 */
export class CommandBuilder<
  Args extends readonly unknown[] = readonly unknown[],
  Options extends object = object,
> {
  readonly #host: CommandHost
  readonly #command: DeclaredCommand

  /** @throws MynahError `COMMAND_SYNTAX`, or `COMMAND_CONFLICT` when the name is taken. */
  constructor(
    host: CommandHost,
    scope: Scope,
    declaration: string,
    description: Description,
    parent?: DeclaredCommand,
  ) {
    const { name, parameters } = parseDeclaration(declaration)
    this.#host = host
    this.#command = {
      name: parent === undefined ? name : `${parent.name} ${name}`,
      scope,
      parent,
      description,
      parameters,
      options: [],
      aliases: [],
      shortcuts: [],
      examples: [],
      limits: [],
    }
    for (const parameter of parameters) this.#check(parameter)
    scope.own('command', this.name, host.commands.declare(this.#command))
  }

  /** Full name of the command, as the plugin declares it. */
  get name(): string {
    return this.#command.name
  }

  /**
   * Adds an option: `--name` and what the declaration says, such as `'-s <n:int>'`, `'-v'` for a flag, or
   * `'-t <tag...>'` for one that may be repeated. A flag can be switched off by `--no-name`; flags of one letter
   * can be written together.
   *
   * @throws MynahError `COMMAND_SYNTAX`, or `COMMAND_CONFLICT` when the command has it already.
   */
  option<N extends string, const D extends string = ''>(
    name: N,
    declaration: CheckedDeclaration<D> | '' = '',
    description: Description = '',
  ): CommandBuilder<Args, Options & OptionOf<N, D>> {
    const option = parseOption(name, declaration, description)
    if (option.parameter !== undefined) this.#check(option.parameter)
    const taken = new Set(this.#command.options.flatMap((other) => [other.name, ...other.aliases]))
    const clash = [name, ...option.aliases].find((word) => taken.has(word))
    if (clash !== undefined) {
      throw new MynahError('COMMAND_CONFLICT', `${this.name} has the option "${clash}" twice.`)
    }
    this.#command.options.push(option)
    // The same object, of which more is known now.
    return this as unknown as CommandBuilder<Args, Options & OptionOf<N, D>>
  }

  /** Adds another name that fills in arguments and options. @throws MynahError `COMMAND_CONFLICT`. */
  alias(name: string, preset: Preset<Args, Options>): this
  /** Adds other names. @throws MynahError `COMMAND_CONFLICT`. */
  alias(...names: readonly string[]): this
  alias(...parts: readonly (string | Preset<Args, Options>)[]): this {
    const preset = parts.find((part) => typeof part !== 'string')
    for (const name of parts) {
      if (typeof name !== 'string') continue
      this.#host.commands.addAlias(this.#command, { name, preset: preset && toLine(preset) })
    }
    return this
  }

  /**
   * Lets a message that is exactly this phrase (case does not matter), or that fits this pattern, call the
   * command, without prefix. A pattern sees messages of at most 500 characters. What several commands have calls
   * the one whose plugin stands first, unless the config says otherwise.
   *
   * @param preset - What it fills in; for a pattern also made of what was found.
   * @example
   * ```ts
   * ctx.command('roll [times:int=1]')
   *   .shortcut('roll the dice')
   *   .shortcut(/^投(\d+)个骰子$/, ([, n]) => ({ args: [Number(n)] }))
   * ```
   */
  shortcut(phrase: string, preset?: Preset<Args, Options>): this
  shortcut(
    pattern: RegExp,
    preset?: Preset<Args, Options> | ((match: RegExpExecArray) => Preset<Args, Options>),
  ): this
  shortcut(
    phrase: string | RegExp,
    preset: Preset<Args, Options> | ((match: RegExpExecArray) => Preset<Args, Options>) = {},
  ): this {
    const make = typeof preset === 'function' ? preset : () => preset
    this.#host.commands.addShortcut(
      this.#command,
      typeof phrase === 'string'
        ? { phrase, preset: typeof preset === 'function' ? {} : toLine(preset) }
        : { pattern: phrase, preset: (match) => toLine(make(match)) },
    )
    return this
  }

  /** Adds a line that shows how it is used; without prefix. */
  example(line: string): this {
    this.#command.examples.push(line)
    return this.#set({})
  }

  /** Adds a longer text for `help`. */
  usage(text: Description): this {
    return this.#set({ usage: text })
  }

  /** Leaves the command out of lists and suggestions. */
  hidden(): this {
    return this.#set({ isHidden: true })
  }

  /** Answers only where this fits; elsewhere the command, with all below it, does not exist. */
  when(filter: Filter): this {
    return this.#set({ when: filter })
  }

  /**
   * Lets only those use the command, and all below it, whom a permission allows.
   *
   * @param permission - A permission, or the name of a right such as `music.skip`.
   */
  permission(permission: Permission | string): this {
    return this.#set({ permission: typeof permission === 'string' ? right(permission) : permission })
  }

  /**
   * Makes people wait between two uses, and tells them how long. Uses that were refused do not count.
   *
   * @param cooldown - Ms, or a text such as `10s`, for each person; or more about it.
   * @throws MynahError `COMMAND_SYNTAX` when the text is no length of time.
   */
  cooldown(cooldown: number | string | CooldownOptions): this {
    const { every, per = 'user', exempt } = typeof cooldown === 'object' ? cooldown : { every: cooldown }
    const periodMs = this.#milliseconds(every)
    return this.#addLimit({ count: 1, per, periodMs, exempt, textKey: 'command.cooldown' })
  }

  /**
   * Lets people use the command so many times in a period, and tells them when they can again. Uses that were
   * refused do not count.
   *
   * @throws MynahError `COMMAND_SYNTAX` when the period is no length of time, or the count no positive number.
   */
  quota({ count, every, per = 'user', exempt }: QuotaOptions): this {
    if (!Number.isInteger(count) || count < 1) {
      throw new MynahError('COMMAND_SYNTAX', `${this.name}: a quota of ${count} makes no sense.`)
    }
    const periodMs = this.#milliseconds(every)
    return this.#addLimit({ count, per, periodMs, exempt, textKey: 'command.quota' })
  }

  /** Lets the command run only once at a time for each person, each place or the whole bot. */
  concurrency(scope: LimitScope, options: ConcurrencyOptions = {}): this {
    return this.#set({ queue: new KeyedQueue(scope, options) })
  }

  /** Declares a command below this one: `guild` and `ban <user:user>` make `guild ban`. */
  subcommand<const D extends string>(
    declaration: CheckedDeclaration<D>,
    description: Description = '',
  ): CommandBuilder<ArgumentsOf<D>> {
    return new CommandBuilder(this.#host, this.#command.scope, declaration, description, this.#command)
  }

  /** Says what the command does. */
  action(action: Action<Args, Options>): this {
    // The runner builds `args` and `options` by the very declarations that these types were read from.
    return this.#set({ action: action as Action })
  }

  #addLimit(options: LimitOptions): this {
    this.#command.limits.push(this.#host.commands.limitOf(this.#command, options))
    return this.#set({})
  }

  #set(changes: Partial<DeclaredCommand>): this {
    Object.assign(this.#command, changes)
    this.#host.commands.changed()
    return this
  }

  #milliseconds(written: number | string): number {
    const ms = typeof written === 'string' ? readDuration(written) : written
    if (ms !== undefined && ms > 0 && Number.isFinite(ms)) return ms
    throw new MynahError(
      'COMMAND_SYNTAX',
      `${this.name}: "${written}" is no length of time; write 10s or 1h30m.`,
    )
  }

  /** The type of an argument is known, and its default is of that type. */
  #check(parameter: ParameterSpec): void {
    const { type, choices, fallback, name } = parameter
    if (choices === undefined && !this.#host.argumentTypes.has(type)) {
      throw new MynahError(
        'COMMAND_SYNTAX',
        `${this.name}: there is no argument type "${type}"; add it by ctx.argument() first.`,
      )
    }
    try {
      readFallback(parameter, this.#host.argumentTypes)
    } catch (cause) {
      const expected = choices?.join('|') ?? type
      throw new MynahError(
        'COMMAND_SYNTAX',
        `${this.name}: the default "${fallback}" of ${name} is not ${expected}.`,
        { cause },
      )
    }
  }
}

function toLine<Args extends readonly unknown[], Options extends object>({
  args,
  options,
}: Preset<Args, Options>): PresetLine {
  return { args: args ?? [], options: { ...options } }
}
