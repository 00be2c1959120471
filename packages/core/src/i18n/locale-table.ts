import { MynahError } from '../errors/mynah-error.ts'
import type { Filter } from '../filter/combine.ts'
import { compileFilter, type FilterSpec } from '../filter/filter.ts'
import type { ChatEvent } from '../model/event.ts'
import { List } from '../shared/list.ts'
import type { KeptMap } from '../storage/kept-map.ts'
import type { MemorySource } from '../storage/memory-source.ts'
import { localeProblem } from './locale-name.ts'

/** Knows which language the person behind an event has chosen; `undefined` where it does not. */
export type LocaleResolver = (event: ChatEvent) => string | undefined

/** Languages by who speaks them. */
export type LocaleRules = Readonly<Record<string, FilterSpec | readonly FilterSpec[]>>

/** Whose language is chosen: that of a person everywhere, or of all who are in a place and have chosen none. */
export type LocaleOwner = 'user' | 'channel' | 'guild'

interface Rule {
  readonly locale: string
  readonly fits: Filter
  /** How close to the person the rule is. */
  readonly rank: number
}

/**
 * The language in which an event is answered: what a plugin knows of the person, what they have chosen, what the
 * platform tells of them, the config by person; then what was chosen for the channel or the guild, the config by these,
 * by bot or platform, and the default last.
 */
export class LocaleTable {
  #fallback = 'en'
  #rules: readonly Rule[] = []
  readonly #resolvers = new List<LocaleResolver>()
  readonly #chosen: KeptMap<string>

  constructor(memory: MemorySource) {
    this.#chosen = memory.map('locales', (stored) => (typeof stored === 'string' ? stored : undefined))
  }

  /** The language where nothing tells better. */
  get fallback(): string {
    return this.#fallback
  }

  /** Sets what the config says. */
  configure(fallback: string, rules: LocaleRules): void {
    this.#fallback = normalizeLocale(fallback) ?? 'en'
    this.#rules = Object.entries(rules)
      .flatMap(([locale, specs]) => toList(specs).map((spec) => makeRule(locale, spec)))
      .sort((a, b) => b.rank - a.rank)
  }

  /** Adds somebody who knows what people have chosen; the newest is asked first. @returns Takes it away. */
  add(resolver: LocaleResolver): () => void {
    return this.#resolvers.add(resolver, true)
  }

  /** The language of an event, such as `zh-CN`. */
  of(event: ChatEvent): string {
    for (const resolve of this.#resolvers.items) {
      const locale = normalizeLocale(resolve(event))
      if (locale !== undefined) return locale
    }
    const { user, channel, guild } = event
    const rule = this.#rules.find(({ fits }) => fits(event))
    return (
      this.#chosenBy('user', event.platform, user) ??
      normalizeLocale(user?.locale) ??
      (rule?.rank === personal ? rule.locale : undefined) ??
      this.#chosenBy('channel', event.platform, channel) ??
      this.#chosenBy('guild', event.platform, guild) ??
      rule?.locale ??
      this.#fallback
    )
  }

  #chosenBy(owner: LocaleOwner, platform: string, thing: Identified | undefined): string | undefined {
    if (thing === undefined || this.#chosen.size === 0) return undefined
    return this.#chosen.get(choiceKey(owner, platform, thing))
  }

  /**
   * Chooses a language for the person behind an event, or for where it happened.
   *
   * @param locale - The language; `undefined` takes the choice back.
   * @returns Resolves when it is stored.
   * @throws MynahError `LOCALE_INVALID` for what is no language, and where the event has no such person or place.
   */
  async choose(event: ChatEvent, owner: LocaleOwner, locale: string | undefined): Promise<void> {
    const thing = event[owner]
    if (thing === undefined) {
      throw new MynahError('LOCALE_INVALID', `${event.type} has no ${owner} to choose a language for.`)
    }
    const key = choiceKey(owner, event.platform, thing)
    if (locale === undefined) return this.#chosen.delete(key)
    const problem = localeProblem(locale)
    if (problem !== undefined) throw new MynahError('LOCALE_INVALID', `${problem}.`)
    return this.#chosen.set(key, normalizeLocale(locale) ?? locale)
  }
}

interface Identified {
  readonly id: string
}

/** By platform and person or place, not by account: another account of the bot finds it again. */
function choiceKey(owner: LocaleOwner, platform: string, { id }: Identified): string {
  return `${owner}:${platform}:${id}`
}

/** Rank of rules about persons. */
const personal = 2

function toList(specs: FilterSpec | readonly FilterSpec[]): readonly FilterSpec[] {
  return Array.isArray(specs) ? (specs as readonly FilterSpec[]) : [specs as FilterSpec]
}

function makeRule(locale: string, spec: FilterSpec): Rule {
  const isPersonal = spec.user !== undefined
  const isLocal = spec.guild !== undefined || spec.channel !== undefined
  return {
    locale: normalizeLocale(locale) ?? locale,
    fits: compileFilter(spec),
    rank: isPersonal ? personal : isLocal ? 1 : 0,
  }
}

/** `zh_cn` as `zh-CN`; `undefined` for what is no language. */
export function normalizeLocale(locale: string | undefined): string | undefined {
  if (locale === undefined || locale === '') return undefined
  try {
    return Intl.getCanonicalLocales(locale.replaceAll('_', '-'))[0]
  } catch {
    return undefined
  }
}
