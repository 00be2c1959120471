import type { Command, DeclaredCommand } from './command.ts'
import { lastWord, type Overridable } from './override.ts'
import type { PresetLine } from './read.ts'
import { shortcutText, ShortcutTable } from './shortcut.ts'

/** A name of a command; an alias may fill in arguments and options. */
export interface CommandName {
  /** What the name stands for. */
  readonly command: Command
  /** What the name fills in; nothing when absent. */
  readonly preset: (() => PresetLine) | undefined
}

/** A name, a phrase or a pattern that a command cannot have, because another one has it. */
export interface CommandIssue {
  /** Plugin that declares the command. */
  readonly plugin: string
  /** Name of the command as the plugin declares it. */
  readonly command: string
  /** What was not done, and what to do. */
  readonly message: string
}

/** The commands of an app as people meet them, by name, alias and shortcut. */
export class CommandTable implements Iterable<Command> {
  readonly #commands = new Map<string, Command>()
  readonly #names = new Map<string, CommandName>()
  /** Names that stand for a command only as long as no plugin gives them to another. */
  readonly #spareNames = new Map<string, CommandName>()
  /** Names of commands that have others below them. */
  readonly #parents = new Set<string>()
  /** Messages that call a command without being one. */
  readonly shortcuts: ShortcutTable = new ShortcutTable()
  /** What the config asks for, or takes back, and cannot be. */
  readonly issues: CommandIssue[]

  private constructor(issues: Iterable<CommandIssue>) {
    this.issues = Array.from(issues)
  }

  /**
   * Gives each command its names. What plugins call their commands goes before what the config calls them: a command
   * whose new name is taken keeps the one that it is declared by, with everything below it.
   *
   * @param declared - Commands above others first, with what the config makes of each.
   */
  static of(declared: ReadonlyMap<DeclaredCommand, Overridable>): CommandTable {
    const kept = new Map<DeclaredCommand, CommandIssue>()
    for (;;) {
      const table = new CommandTable(kept.values())
      const clash = table.#fill(Array.from(viewsOf(declared, kept).values()), declared, kept)
      if (clash === undefined) return table
      kept.set(...clash)
    }
  }

  #fill(
    commands: readonly Command[],
    overridables: ReadonlyMap<DeclaredCommand, Overridable>,
    kept: ReadonlyMap<DeclaredCommand, CommandIssue>,
  ): [DeclaredCommand, CommandIssue] | undefined {
    const nameless = new Set<Command | undefined>()
    for (const command of commands.filter((one) => !isRenamed(one))) {
      const other = nameless.has(command.parent) ? undefined : this.#claim(command.name, command)
      if (other !== undefined)
        this.#note(command, `${taken(command, other)} cannot be called. Rename one of them.`)
      if (other !== undefined || nameless.has(command.parent)) nameless.add(command)
    }
    const named = commands.filter((command) => !nameless.has(command))
    const aliasesOf = ({ declared }: Command): Overridable['aliases'] =>
      overridables.get(declared)?.aliases ?? []
    const isOwn = (command: Command): boolean => aliasesOf(command) === command.declared.aliases
    for (const command of named.filter(isOwn)) this.#claimAliases(command, aliasesOf(command))
    for (const command of named.filter(isRenamed)) {
      const other = this.#claim(command.name, command)
      if (other === undefined) continue
      const renamed = nearestRenamed(command, overridables, kept)
      return [
        renamed,
        issue(renamed, `${taken(command, other)} keeps the name "${renamed.name}". Choose another one.`),
      ]
    }
    for (const command of named.filter((one) => !isOwn(one))) this.#claimAliases(command, aliasesOf(command))
    for (const command of named) this.#add(command, overridables.get(command.declared)?.shortcuts ?? [])
    return undefined
  }

  /** @returns Whose the name is already. */
  #claim(name: string, command: Command, preset?: PresetLine): Command | undefined {
    const key = name.toLowerCase()
    const other = this.#names.get(key)?.command
    if (other === undefined) this.#names.set(key, { command, preset: preset && (() => preset) })
    return other
  }

  #claimAliases(command: Command, aliases: Overridable['aliases']): void {
    for (const { name, preset, isSpare = false } of aliases) {
      const line = renamedLine(name, command.parent)
      if (isSpare) {
        this.#spareNames.set(line, { command, preset: undefined })
        continue
      }
      const other = this.#claim(line, command, preset)
      if (other === undefined || other === command) continue
      this.#note(command, `the alias "${line}" is taken by ${ownerOf(other)}; the command is not called so.`)
    }
  }

  #add(command: Command, shortcuts: Overridable['shortcuts']): void {
    this.#commands.set(command.name, command)
    if (command.parent !== undefined) this.#parents.add(command.parent.name)
    for (const shortcut of shortcuts) {
      const other = this.shortcuts.add(command, shortcut)
      if (other === undefined || other === command) continue
      const called = `the shortcut "${shortcutText(shortcut)}" calls ${ownerOf(other)}`
      this.#note(command, `${called}, which stands before it. Set "shortcuts" of one of them.`)
    }
  }

  #note({ declared }: Command, message: string): void {
    this.issues.push(issue(declared, message))
  }

  /** Whether there are commands below a command. */
  hasChildren({ name }: Command): boolean {
    return this.#parents.size > 0 && this.#parents.has(name)
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
    return Array.from(this).filter((command) => command.parent === parent)
  }

  /** Other names of a command. */
  aliasesOf(command: Command): string[] {
    const own = command.name.toLowerCase()
    return Array.from(this.#names).flatMap(([name, { command: of }]) =>
      of === command && name !== own ? [name] : [],
    )
  }

  /** All names and aliases, in lower case, with what they stand for. */
  entries(): Iterable<readonly [string, CommandName]> {
    return this.#names
  }

  /** In the order of declaration. */
  [Symbol.iterator](): Iterator<Command> {
    return this.#commands.values()
  }
}

/** Commands that can be called, named as the config wants it where they do not keep their own name. */
function viewsOf(
  declared: ReadonlyMap<DeclaredCommand, Overridable>,
  kept: ReadonlyMap<DeclaredCommand, CommandIssue>,
): Map<DeclaredCommand, Command> {
  const views = new Map<DeclaredCommand, Command>()
  for (const [one, overridable] of declared) {
    const parent = one.parent && views.get(one.parent)
    if (!overridable.isEnabled || (one.parent !== undefined && parent === undefined)) continue
    views.set(one, viewOf(one, overridable, parent, kept.has(one) ? lastWord(one.name) : overridable.ownName))
  }
  return views
}

function viewOf(
  declared: DeclaredCommand,
  { isHidden, permission, limits }: Overridable,
  parent: Command | undefined,
  ownName: string,
): Command {
  const { queue, examples } = declared
  const name = parent === undefined ? ownName : `${parent.name} ${ownName}`
  return {
    ...declared,
    declared,
    parent,
    name,
    isHidden,
    permission,
    examples: examples.map((line) => renamedLine(line, { declared, parent, name })),
    guard: limits.length === 0 && queue === undefined ? undefined : { limits, queue },
  }
}

/** A line that begins with the name of a command, or of one above it, as the config calls that command. */
function renamedLine(line: string, from: Pick<Command, 'declared' | 'name' | 'parent'> | undefined): string {
  for (let one = from; one !== undefined; one = one.parent) {
    const { declared, name } = one
    if (line === declared.name) return name
    if (line.startsWith(`${declared.name} `)) return name + line.slice(declared.name.length)
  }
  return line
}

function isRenamed({ name, declared }: Command): boolean {
  return name !== declared.name
}

/** The command whose new name makes a command be called otherwise: itself, or one above it. */
function nearestRenamed(
  { declared }: Command,
  overridables: ReadonlyMap<DeclaredCommand, Overridable>,
  kept: ReadonlyMap<DeclaredCommand, CommandIssue>,
): DeclaredCommand {
  let one = declared
  while (
    one.parent !== undefined &&
    (kept.has(one) || overridables.get(one)?.ownName === lastWord(one.name))
  ) {
    one = one.parent
  }
  return one
}

function taken({ name }: Command, other: Command): string {
  return `the name "${name}" is taken by ${ownerOf(other)}; the command`
}

function ownerOf({ name, scope }: Command): string {
  return `"${name}" of plugin ${scope.name}`
}

function issue({ scope, name }: DeclaredCommand, message: string): CommandIssue {
  return { plugin: scope.name, command: name, message: `commands.${scope.name}/${name}: ${message}` }
}
