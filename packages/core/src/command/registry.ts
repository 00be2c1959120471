import { MynahError } from '../errors/mynah-error.ts'
import type { Command } from './command.ts'

/** The commands of an app by name and alias. */
export class CommandRegistry implements Iterable<Command> {
  readonly #commands = new Map<string, Command>()
  readonly #names = new Map<string, Command>()
  /** Names of commands that have others below them, with how many. */
  readonly #parents = new Map<string, number>()

  /** @returns Takes it away. @throws MynahError `COMMAND_CONFLICT`. */
  add(command: Command): () => void {
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

  /** @returns Takes the name away. @throws MynahError `COMMAND_CONFLICT` that names both plugins. */
  addAlias(name: string, command: Command): () => void {
    const key = name.toLowerCase()
    const other = this.#names.get(key)
    if (other !== undefined) {
      throw new MynahError(
        'COMMAND_CONFLICT',
        `"${name}" of plugin ${command.scope.name} is taken by ${other.name === name ? '' : `"${other.name}" of `}plugin ${other.scope.name}. Rename one of them under "commands" in the config.`,
      )
    }
    this.#names.set(key, command)
    return () => {
      if (this.#names.get(key) === command) this.#names.delete(key)
    }
  }

  /** Finds a command by a whole name or alias. */
  get(name: string): Command | undefined {
    return this.#names.get(name.toLowerCase())
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
    return this.names().filter((name) => name !== own && this.#names.get(name) === command)
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
