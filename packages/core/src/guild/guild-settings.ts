import type { z } from 'zod'

import { MynahError } from '../errors/mynah-error.ts'
import { isPlain, type Tree } from '../shared/plain.ts'
import {
  over,
  type SettingPath,
  type SettingSpec,
  settingsOf,
  type SettingValue,
  skeletonOf,
  valueAt,
  withValue,
} from './setting-spec.ts'

/** Where settings hold: a session, an event, or a guild by its platform and id. */
export interface GuildPlace {
  /** Name of the platform, such as `onebot`. */
  readonly platform: string
  /** The guild; outside of guilds the defaults hold. */
  readonly guild?: { readonly id: string } | undefined
}

/** A guild, whichever account of the bot is in it. */
export interface GuildKey {
  /** Name of the platform. */
  readonly platform: string
  /** Id of the guild there. */
  readonly guildId: string
}

/** One setting as it is in a guild. */
export interface GuildSetting extends SettingSpec {
  /** What holds. */
  readonly value: unknown
  /** Whether nobody has set it. */
  readonly isDefault: boolean
}

/** What a guild has set differently. */
export interface GuildSettingsStore {
  read(guild: GuildKey): Tree | undefined
  /** Resolves when it is stored. */
  write(guild: GuildKey, set: Tree): Promise<void>
  /** Guilds that have set something. */
  guilds(): GuildKey[]
  /** Somebody has changed a setting. */
  changed(guild: GuildKey, path: string, value: unknown): void
  /** What is stored is not valid any more, and its default holds. */
  invalid(guild: GuildKey, path: string, problem: string): void
}

/** What a guild has set, as far as it is valid, and what comes of it. */
interface Read<T> {
  readonly valid: Tree
  readonly values: T
}

/** What those need who show and change the settings of any plugin. */
export type AnyGuildSettings = Pick<GuildSettings, 'specs' | 'list' | 'change'>

/**
 * The settings that guilds may change of one plugin; `ctx.guildSettings` makes them. They are read without waiting, and
 * belong to platform and guild, whichever account of the bot is there.
 */
export class GuildSettings<S extends z.ZodObject = z.ZodObject> {
  /** Which settings there are, in the order in which they are declared. */
  readonly specs: readonly SettingSpec[]
  readonly #schema: S
  readonly #store: GuildSettingsStore
  readonly #skeleton: Tree
  readonly #defaults: z.output<S>
  /** What was read of guilds. */
  readonly #read = new WeakMap<Tree, Read<z.output<S>>>()

  /** @throws MynahError `SETTING_INVALID` where a setting has no default. */
  constructor(schema: S, store: GuildSettingsStore) {
    this.#schema = schema
    this.#store = store
    this.specs = settingsOf(schema)
    this.#skeleton = skeletonOf(schema)
    const defaults = this.#parse({})
    if (!defaults.success) {
      const missing = defaults.error.issues.map(({ path, message }) => `${path.join('.')} (${message})`)
      throw invalid(`Without a value of its own, each has to have a .default(): ${missing.join(', ')}.`)
    }
    this.#defaults = defaults.data
  }

  /** What holds in a guild; the defaults outside of guilds. The same object until something changes. */
  of(place: GuildPlace): z.output<S> {
    const guild = keyOf(place)
    const set = guild === undefined ? undefined : this.#store.read(guild)
    if (guild === undefined || set === undefined) return this.#defaults
    return this.#check(guild, set).values
  }

  /**
   * Sets one setting of a guild. It holds at once.
   *
   * @param path - Its path, such as `welcome` or `quiet.from`.
   * @param value - Its value; `undefined` goes back to the default.
   * @returns Resolves when it is stored; without `@mynah/database` it lasts until the bot stops.
   * @throws MynahError `SETTING_INVALID` for a value or a path that is none, and outside of guilds; nothing is changed.
   */
  set<P extends SettingPath<z.output<S>>>(
    place: GuildPlace,
    path: P,
    value: SettingValue<z.input<S>, P> | undefined,
  ): Promise<void> {
    return this.change(place, path, value)
  }

  /** What {@link set} does, for a path that somebody has written: types know nothing of it. */
  async change(place: GuildPlace, path: string, value: unknown): Promise<void> {
    const guild = keyOf(place)
    if (guild === undefined) throw invalid(`"${path}" is set for a guild, and this is none.`)
    const spec = this.specs.find((one) => one.path === path)
    if (spec === undefined) {
      throw invalid(
        `There is no setting "${path}"; there are: ${this.specs.map((one) => one.path).join(', ')}.`,
      )
    }
    const before = this.#store.read(guild) ?? {}
    // What is not valid any more stays as it is, for a version that takes it again.
    const { valid } = this.#check(guild, before)
    const { error } = this.#parse(withValue(valid, path, value))
    if (error !== undefined) {
      const problems = error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
      throw invalid(`${problems.join('; ')}.`)
    }
    if (value !== undefined && !isPlain(value)) throw invalid(`${path}: JSON cannot hold it.`)
    const stored = this.#store.write(guild, withValue(before, path, value))
    this.#store.changed(guild, path, valueAt(this.of(place), path))
    await stored
  }

  /** All settings as they are in a guild, for who shows or changes them. */
  list(place: GuildPlace): GuildSetting[] {
    const guild = keyOf(place)
    const set = guild === undefined ? undefined : this.#store.read(guild)
    const values = this.of(place)
    return this.specs.map((spec) => ({
      ...spec,
      value: valueAt(values, spec.path),
      isDefault: valueAt(set, spec.path) === undefined,
    }))
  }

  /** Guilds that have set something, on all platforms. */
  guilds(): GuildKey[] {
    return this.#store.guilds()
  }

  #check(guild: GuildKey, set: Tree): Read<z.output<S>> {
    let read = this.#read.get(set)
    if (read === undefined) this.#read.set(set, (read = this.#readAnew(guild, set)))
    return read
  }

  /** Reads what a guild has set; of what is not valid any more, the default holds. */
  #readAnew(guild: GuildKey, set: Tree): Read<z.output<S>> {
    let valid = set
    for (;;) {
      const { success, data, error } = this.#parse(valid)
      if (success) return { valid, values: data }
      const [issue] = error.issues
      const spec = this.specs.find(({ path }) => isAt(issue?.path.join('.') ?? '', path))
      if (spec === undefined || valueAt(valid, spec.path) === undefined)
        return { valid: {}, values: this.#defaults }
      this.#store.invalid(guild, spec.path, issue?.message ?? '')
      valid = withValue(valid, spec.path, undefined)
    }
  }

  #parse(set: Tree): z.ZodSafeParseResult<z.output<S>> {
    return this.#schema.safeParse(over(this.#skeleton, set))
  }
}

/** Whether an issue is about a setting, or about something in its value. */
function isAt(issue: string, path: string): boolean {
  return issue === path || issue.startsWith(`${path}.`)
}

function keyOf({ platform, guild }: GuildPlace): GuildKey | undefined {
  return guild === undefined ? undefined : { platform, guildId: guild.id }
}

function invalid(detail: string): MynahError {
  return new MynahError('SETTING_INVALID', detail)
}
