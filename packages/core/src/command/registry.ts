import { MynahError } from '../errors/mynah-error.ts'
import type { Clock } from '../shared/clock.ts'
import type { MemorySource } from '../storage/memory-source.ts'
import { type CommandAlias, type CommandShortcut, type DeclaredCommand, holdsUpwards } from './command.ts'
import { type CommandIssue, CommandTable } from './command-table.ts'
import { Limit } from './limit.ts'
import type { LimitOptions } from './limit-options.ts'
import { LimitMemory } from './limit-memory.ts'
import {
  apply,
  type CommandOverrides,
  type CompiledOverride,
  compileOverrides,
  type Overridable,
} from './override.ts'

/** A cooldown that the config gives to a command. */
interface Cooldown {
  readonly written: string
  readonly limit: Limit
}

/** What plugins declare, and what the config changes about it. */
export class CommandRegistry {
  readonly #clock: Clock
  readonly #memory: MemorySource | undefined
  /** Everything that plugins declare, also what the config takes away. */
  readonly declared: Set<DeclaredCommand> = new Set()
  #overrides: CommandOverrides = {}
  #compiled: ReadonlyMap<string, CompiledOverride> = new Map()
  readonly #cooldowns = new Map<DeclaredCommand, Cooldown>()
  /** Names whose next owner is refused: those about which the config says nothing. */
  readonly #names = new Map<string, DeclaredCommand>()
  #table: CommandTable | undefined

  /** @param memory - Keeps what limits count beyond the end of the app. */
  constructor(clock: Clock, memory?: MemorySource) {
    this.#clock = clock
    this.#memory = memory
  }

  /** The commands as people meet them. Made anew when it is asked for after a change. */
  get table(): CommandTable {
    this.#table ??= CommandTable.of(
      new Map(this.#inOrder().map((declared) => [declared, this.#apply(declared)])),
    )
    return this.#table
  }

  /** Plugin by plugin as they stand, those of one as it declared them; what is above others is in front of them. */
  #inOrder(): DeclaredCommand[] {
    return Array.from(this.declared).sort((a, b) => a.scope.place.compare(b.scope.place))
  }

  /** What the config changes. */
  get overrides(): CommandOverrides {
    return this.#overrides
  }

  /**
   * @returns Takes the command away.
   * @throws MynahError `COMMAND_CONFLICT` when the name is taken.
   */
  declare(declared: DeclaredCommand): () => void {
    if (this.#isAsDeclared(declared)) this.#claimName(declared.name, declared)
    this.declared.add(declared)
    this.changed()
    return () => this.#withdraw(declared)
  }

  /** @throws MynahError `COMMAND_CONFLICT` when the name is taken. */
  addAlias(declared: DeclaredCommand, alias: CommandAlias): void {
    if (this.#hasAlias(declared, alias)) this.#claimName(alias.name, declared)
    declared.aliases.push(alias)
    this.changed()
  }

  /** What two commands have belongs to the one that stands in front; the table tells it. */
  addShortcut(declared: DeclaredCommand, shortcut: CommandShortcut): void {
    declared.shortcuts.push(shortcut)
    this.changed()
  }

  #claimName(name: string, declared: DeclaredCommand): void {
    const other = claim(this.#names, nameKey(name), declared)
    if (other === declared) return
    const { scope } = declared
    const taken = other.name === name ? '' : `"${other.name}" of `
    throw new MynahError(
      'COMMAND_CONFLICT',
      `"${name}" of plugin ${scope.name} is taken by ${taken}plugin ${other.scope.name}. Rename one of them under "commands" in the config, as in "${scope.name}/${declared.name}": { name: … }.`,
    )
  }

  /** A declared command is another one now than when it was looked at last. */
  changed(): void {
    this.#table = undefined
  }

  /**
   * Changes commands as the config wants it, without their plugins. What cannot be is left out and told. Cooldowns
   * that stay the same remember who used the command.
   *
   * @throws MynahError `CONFIG_INVALID`; nothing is changed then.
   */
  configure(overrides: CommandOverrides): readonly CommandIssue[] {
    this.#compiled = compileOverrides(overrides)
    this.#overrides = overrides
    for (const [declared, { written }] of this.#cooldowns) {
      if (this.#overrideOf(declared)?.cooldown?.written !== written) this.#forgetCooldown(declared)
    }
    this.#names.clear()
    for (const declared of this.declared) this.#claimAll(declared)
    this.changed()
    return this.table.issues
  }

  #claimAll(declared: DeclaredCommand): void {
    const names = declared.aliases.filter((alias) => this.#hasAlias(declared, alias))
    if (this.#isAsDeclared(declared)) names.unshift(declared)
    for (const { name } of names) claim(this.#names, nameKey(name), declared)
  }

  #withdraw(declared: DeclaredCommand): void {
    this.declared.delete(declared)
    for (const { name } of [declared, ...declared.aliases]) unclaim(this.#names, nameKey(name), declared)
    for (const limit of declared.limits) limit.stop()
    this.#forgetCooldown(declared)
    this.changed()
  }

  /** Whether it can be called. */
  #isEnabled(declared: DeclaredCommand | undefined): boolean {
    return holdsUpwards(declared, (one) => this.#overrideOf(one)?.isEnabled !== false)
  }

  /** Whether it can be called by the name that its plugin gives it. */
  #isAsDeclared(declared: DeclaredCommand | undefined): boolean {
    const isNamed = holdsUpwards(declared, (one) => this.#overrideOf(one)?.name === undefined)
    return isNamed && this.#isEnabled(declared)
  }

  #hasAlias(declared: DeclaredCommand, { isSpare = false }: CommandAlias): boolean {
    const isKept = !isSpare && this.#overrideOf(declared)?.aliases === undefined
    return isKept && this.#isEnabled(declared) && this.#isAsDeclared(declared.parent)
  }

  #overrideOf({ scope, name }: DeclaredCommand): CompiledOverride | undefined {
    return this.#compiled.get(`${scope.name}/${name}`) ?? this.#compiled.get(name)
  }

  #apply(declared: DeclaredCommand): Overridable {
    const override = this.#overrideOf(declared)
    const { written = '', options } = override?.cooldown ?? {}
    if (options === undefined) return apply(declared, override)
    let cooldown = this.#cooldowns.get(declared)
    if (cooldown === undefined) {
      cooldown = { written, limit: this.limitOf(declared, options) }
      this.#cooldowns.set(declared, cooldown)
    }
    return apply(declared, override, cooldown.limit)
  }

  /** A limit of a command. */
  limitOf({ scope, name }: Pick<DeclaredCommand, 'scope' | 'name'>, options: LimitOptions): Limit {
    const memory = this.#memory && new LimitMemory(this.#memory, scope.name, name, options)
    return new Limit(this.#clock, options, memory)
  }

  #forgetCooldown(declared: DeclaredCommand): void {
    this.#cooldowns.get(declared)?.limit.stop()
    this.#cooldowns.delete(declared)
  }
}

type Claims = Map<string, DeclaredCommand>

function nameKey(name: string): string {
  return name.toLowerCase()
}

/** @returns Whose it is now. */
function claim(claims: Claims, key: string, declared: DeclaredCommand): DeclaredCommand {
  const owner = claims.get(key) ?? declared
  claims.set(key, owner)
  return owner
}

function unclaim(claims: Claims, key: string, declared: DeclaredCommand): void {
  if (claims.get(key) === declared) claims.delete(key)
}
