import type { Filter } from '../filter/combine.ts'
import { compileFilter, type FilterSpec } from '../filter/filter.ts'
import type { ChatEvent } from '../model/event.ts'
import { List } from '../shared/list.ts'

/** Knows which language the person behind an event has chosen; `undefined` where it does not. */
export type LocaleResolver = (event: ChatEvent) => string | undefined

/** Languages by who speaks them. */
export type LocaleRules = Readonly<Record<string, FilterSpec | readonly FilterSpec[]>>

interface Rule {
  readonly locale: string
  readonly fits: Filter
  /** How close to the person the rule is. */
  readonly rank: number
}

/**
 * The language in which an event is answered: what a plugin knows of the person, what the platform tells of
 * them, then the config by person, by guild or channel, by bot or platform, and the default last.
 */
export class LocaleTable {
  #fallback = 'en'
  #rules: readonly Rule[] = []
  readonly #resolvers = new List<LocaleResolver>()

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
    return (
      normalizeLocale(event.user?.locale) ??
      this.#rules.find(({ fits }) => fits(event))?.locale ??
      this.#fallback
    )
  }
}

function toList(specs: FilterSpec | readonly FilterSpec[]): readonly FilterSpec[] {
  return Array.isArray(specs) ? (specs as readonly FilterSpec[]) : [specs as FilterSpec]
}

function makeRule(locale: string, spec: FilterSpec): Rule {
  const isPersonal = spec.user !== undefined
  const isLocal = spec.guild !== undefined || spec.channel !== undefined
  return {
    locale: normalizeLocale(locale) ?? locale,
    fits: compileFilter(spec),
    rank: isPersonal ? 2 : isLocal ? 1 : 0,
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
