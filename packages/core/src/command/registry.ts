import { MynahError } from '../errors/mynah-error.ts'
import type { Command } from './command.ts'
import type { PresetLine } from './read.ts'
import { ShortcutTable } from './shortcut.ts'

/** A name of a command; an alias may fill in arguments and options. */
export interface CommandName {
  readonly command: Command
  readonly preset: (() => PresetLine) | undefined
}

/** The commands of an app by name, alias and shortcut. */
export class CommandRegistry implements Iterable<Command> {
  readonly #commands = new Map<string, Command>()
  readonly #names = new Map<string, CommandName>()
  /** Names that stand for a command only as long as no plugin gives them to another. */
  readonly #spareNames = new Map<string, CommandName>()
  /** Everything that plugins declare, also what the config takes away. */
  readonly declared: Set<Command> = new Set()
  readonly shortcuts: ShortcutTable = new ShortcutTable()
  /** Names of commands that have others below them, with how many. */
  readonly #parents = new Map<string, number>()

  /**
   * @param isEnabled - Whether it can be called, too.
   * @returns Takes it away.
   * @throws MynahError `COMMAND_CONFLICT`.
   */
  declare(command: Command, isEnabled: boolean): () => void {
    const disable = isEnabled ? this.#enable(command) : undefined
    this.declared.add(command)
    return () => {
      this.declared.delete(command)
      disable?.()
    }
  }

  #enable(command: Command): () => void {
    const forget = this.addAlias(command.name, command)
    this.#commands.set(command.name, command)
    this.#countChild(command, 1)
    return () => {
      this.#commands.delete(command.name)
      this.#countChild(command, -1)
      forget()
    }
  }

  #countChild({ name }: Command, change: number): void {
    const end = name.lastIndexOf(' ')
    if (end < 0) return
    const parent = name.slice(0, end)
    const count = (this.#parents.get(parent) ?? 0) + change
    if (count > 0) this.#parents.set(parent, count)
    else this.#parents.delete(parent)
  }

  /** Whether there are commands below a command. */
  hasChildren({ name }: Command): boolean {
    return this.#parents.size > 0 && this.#parents.has(name)
  }

  /**
   * @param preset - What the name fills in.
   * @returns Takes the name away.
   * @throws MynahError `COMMAND_CONFLICT` that names both plugins.
   */
  addAlias(name: string, command: Command, preset?: PresetLine): () => void {
    const key = name.toLowerCase()
    const other = this.#names.get(key)?.command
    if (other !== undefined) throw conflict(name, command, other)
    const entry: CommandName = { command, preset: preset === undefined ? undefined : () => preset }
    this.#names.set(key, entry)
    return () => {
      if (this.#names.get(key) === entry) this.#names.delete(key)
    }
  }

  /** @returns Takes the name away. */
  addSpareName(name: string, command: Command): () => void {
    this.#spareNames.set(name, { command, preset: undefined })
    return () => void this.#spareNames.delete(name)
  }

  /** Finds a command by a whole name or alias. */
  get(name: string): Command | undefined {
    return this.find(name)?.command
  }

  /** Finds a whole name or alias. */
  find(name: string): CommandName | undefined {
    const key = name.toLowerCase()
    return this.#names.get(key) ?? this.#spareNames.get(key)
  }

  /** Commands below a command. */
  children(parent: Command): Command[] {
    return Array.from(this).filter(
      ({ name }) => name.startsWith(`${parent.name} `) && !name.slice(parent.name.length + 1).includes(' '),
    )
  }

  /** Other names of a command. */
  aliasesOf(command: Command): string[] {
    const own = command.name.toLowerCase()
    return this.names().filter((name) => name !== own && this.get(name) === command)
  }

  /** All names and aliases, in lower case, with what they stand for. */
  entries(): Iterable<readonly [string, CommandName]> {
    return this.#names
  }

  /** All names and aliases. */
  names(): string[] {
    return Array.from(this.#names.keys())
  }

  /** In the order of declaration. */
  [Symbol.iterator](): Iterator<Command> {
    return this.#commands.values()
  }
}

function conflict(name: string, command: Command, other: Command): MynahError {
  const taken = other.name === name ? '' : `"${other.name}" of `
  const key = `${command.scope.name}/${command.declaredName}`
  return new MynahError(
    'COMMAND_CONFLICT',
    `"${name}" of plugin ${command.scope.name} is taken by ${taken}plugin ${other.scope.name}. Rename one of them under "commands" in the config, as in "${key}": { name: … }.`,
  )
}
