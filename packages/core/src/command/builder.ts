import { MynahError } from '../errors/mynah-error.ts'
import type { Filter, Scope } from '../lifecycle/scope.ts'
import type { ArgumentTable } from './arguments.ts'
import type { Action, Command } from './command.ts'
import { type ParameterSpec, parseDeclaration, parseOption } from './grammar.ts'
import type { CommandRegistry } from './registry.ts'
import type { ArgumentsOf, OptionOf } from './types.ts'

/** What builders need of the app. */
export interface CommandHost {
  readonly commands: CommandRegistry
  readonly argumentTypes: ArgumentTable
}

/**
 * Declares a command step by step; the types of `args` and `options` are read out of the declarations.
 *
 * @example
 * ```ts
 * ctx.command('roll [times:int=1]', 'Roll a die')
 *   .option('sides', '-s <n:int=6>', 'Faces of the die')
 *   .alias('r')
 *   .action(({ args: [times], options: { sides } }) => `${times} × d${sides}`)
 * ```
 */
export class CommandBuilder<Args = readonly unknown[], Options = object> {
  readonly #host: CommandHost
  readonly #command: Command

  /** @throws MynahError `COMMAND_SYNTAX`, or `COMMAND_CONFLICT` when the name is taken. */
  constructor(host: CommandHost, scope: Scope, declaration: string, description: string, parent?: Command) {
    const { name, parameters } = parseDeclaration(declaration)
    this.#host = host
    this.#command = {
      name: parent === undefined ? name : `${parent.name} ${name}`,
      scope,
      description,
      parameters,
      options: [],
      examples: [],
      usage: undefined,
      isHidden: false,
      when: parent?.when,
      action: undefined,
    }
    for (const parameter of parameters) this.#checkType(parameter)
    this.#own(`command`, this.#command.name, host.commands.add(this.#command))
  }

  /** Full name of the command. */
  get name(): string {
    return this.#command.name
  }

  /**
   * Adds an option: `--name` and what the declaration says, such as `'-s <n:int>'`, `'-v'` for a flag, or
   * `'-t <tag...>'` for one that may be repeated. A flag can be switched off by `--no-name`.
   *
   * @throws MynahError `COMMAND_SYNTAX`, or `COMMAND_CONFLICT` when the command has it already.
   */
  option<N extends string, const D extends string = ''>(
    name: N,
    declaration: D | '' = '',
    description = '',
  ): CommandBuilder<Args, Options & OptionOf<N, D>> {
    const option = parseOption(name, declaration, description)
    if (option.parameter !== undefined) this.#checkType(option.parameter)
    const taken = new Set(this.#command.options.flatMap((other) => [other.name, ...other.aliases]))
    const clash = [name, ...option.aliases].find((word) => taken.has(word))
    if (clash !== undefined) {
      throw new MynahError('COMMAND_CONFLICT', `${this.name} has the option "${clash}" twice.`)
    }
    this.#command.options.push(option)
    // The same object, of which more is known now.
    return this as unknown as CommandBuilder<Args, Options & OptionOf<N, D>>
  }

  /** Adds other names. @throws MynahError `COMMAND_CONFLICT`. */
  alias(...names: readonly string[]): this {
    for (const name of names) {
      this.#own(
        'command',
        `${name} (alias of ${this.name})`,
        this.#host.commands.addAlias(name, this.#command),
      )
    }
    return this
  }

  /** Adds a line that shows how it is used; without prefix. */
  example(line: string): this {
    this.#command.examples.push(line)
    return this
  }

  /** Adds a longer text for `help`. */
  usage(text: string): this {
    this.#command.usage = text
    return this
  }

  /** Leaves the command out of lists and suggestions. */
  hidden(): this {
    this.#command.isHidden = true
    return this
  }

  /** Answers only where this fits; elsewhere the command does not exist. */
  when(filter: Filter): this {
    this.#command.when = filter
    return this
  }

  /** Declares a command below this one: `guild` and `ban <user:user>` make `guild ban`. */
  subcommand<const D extends string>(declaration: D, description = ''): CommandBuilder<ArgumentsOf<D>> {
    return new CommandBuilder(this.#host, this.#command.scope, declaration, description, this.#command)
  }

  /** Says what the command does. */
  action(action: Action<Args, Options>): this {
    // The runner builds `args` and `options` by the very declarations that these types were read from.
    this.#command.action = action as Action
    return this
  }

  #own(kind: string, label: string, dispose: () => void): void {
    this.#command.scope.own(kind, label, dispose)
  }

  #checkType({ type, choices }: ParameterSpec): void {
    if (choices !== undefined || this.#host.argumentTypes.has(type)) return
    throw new MynahError(
      'COMMAND_SYNTAX',
      `${this.name}: there is no argument type "${type}"; add it by ctx.argument() first.`,
    )
  }
}
