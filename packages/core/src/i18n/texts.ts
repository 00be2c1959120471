import type { Filled } from '../shared/filled.ts'
import type { MemorySource } from '../storage/memory-source.ts'
import { createInstance, type i18n } from 'i18next'

import type { ChatEvent } from '../model/event.ts'
import { Lists } from '../shared/list.ts'
import { type LocaleRules, LocaleTable, normalizeLocale } from './locale-table.ts'
import { frameworkTexts } from './framework-texts.ts'
import type { FrameworkKey } from './locales/keys.ts'
import type { TextTables } from './translator.ts'

/** Values that go into a text. */
export type TextValues = Readonly<Record<string, string | number>>

/** Gives one of the framework's texts in the language of somebody. */
export type Translate = (key: FrameworkKey, values?: TextValues) => string

/** What a config says about languages and texts. */
export interface TextSettings {
  /** Language of texts when nothing tells better. @defaultValue 'en' */
  readonly locale?: string | undefined
  /** Languages by who speaks them. */
  readonly locales?: LocaleRules | undefined
  /** Texts by language that take the place of built-in ones (`command.missing`) and of plugins' (`dice:hello`). */
  readonly texts?: TextTables | undefined
}

const frameworkNamespace = 'mynah'

/**
 * The texts of an app by language. What a language lacks comes from a language like it, first from one that is
 * written in the same letters (`zh-TW` for `zh-HK`), from the default language, then from English.
 */
export class Texts {
  /** Who speaks which language. */
  readonly locales: LocaleTable
  readonly #i18n: i18n
  /** What was added under each namespace, oldest first. */
  readonly #added = new Lists<TextTables>()
  #overrides: TextTables = {}

  /** @param memory - Keeps which languages were chosen. */
  constructor(memory: MemorySource) {
    this.locales = new LocaleTable(memory)
    this.#i18n = createInstance()
    void this.#i18n.init({
      lng: 'en',
      fallbackLng: (code: string) => this.#likeLocales(code),
      defaultNS: frameworkNamespace,
      initAsync: false,
      showSupportNotice: false,
      keySeparator: false,
      nsSeparator: false,
      interpolation: { escapeValue: false },
      resources: {},
    })
    this.add(frameworkNamespace, frameworkTexts)
  }

  /** Takes over what the config says. @returns Keys of built-in texts that do not exist. */
  configure({ locale, locales, texts }: Filled<TextSettings>): string[] {
    this.locales.configure(locale, locales)
    this.#overrides = texts
    for (const namespace of this.#added.names()) this.#rebuild(namespace)
    const written = Object.values(texts).flatMap((table) => Object.keys(table))
    return written.filter((key) => !key.includes(':') && !Object.hasOwn(frameworkTexts['en'] ?? {}, key))
  }

  /**
   * A text of a plugin in the first of the languages that has it; the key itself where none does.
   *
   * @param locale - The language; the default one when it is `undefined`.
   */
  find(namespace: string, locale: string | undefined, key: string, values: TextValues = {}): string {
    const lng = normalizeLocale(locale) ?? this.locales.fallback
    return this.#i18n.t(key, { ...values, ns: namespace, lng })
  }

  /** One of the framework's texts in a language; in the default one when it is `undefined`. */
  translate(locale: string | undefined, key: FrameworkKey, values?: TextValues): string {
    return this.find(frameworkNamespace, locale, key, values)
  }

  /** One of the framework's texts in the language of an event. */
  translateFor(event: ChatEvent, key: FrameworkKey, values?: TextValues): string {
    return this.translate(this.locales.of(event), key, values)
  }

  /** Adds texts of a plugin. @returns Takes them away again. */
  add(namespace: string, tables: TextTables): () => void {
    const remove = this.#added.add(namespace, tables)
    this.#rebuild(namespace)
    return () => {
      remove()
      this.#rebuild(namespace)
    }
  }

  #rebuild(namespace: string): void {
    const tables = this.#added.of(namespace)
    const merged = new Map<string, Record<string, string>>()
    const merge = (locale: string, table: Readonly<Record<string, string>>): void => {
      const code = normalizeLocale(locale) ?? locale
      merged.set(code, { ...merged.get(code), ...table })
    }
    for (const [locale, table] of tables.flatMap((layer) => Object.entries(layer))) merge(locale, table)
    if (tables.length > 0) {
      for (const [locale, table] of Object.entries(this.#overrides))
        merge(locale, overridesOf(namespace, table))
    }
    for (const locale of Object.keys(this.#i18n.store.data))
      this.#i18n.removeResourceBundle(locale, namespace)
    for (const [locale, table] of merged) {
      if (Object.keys(table).length > 0) this.#i18n.addResourceBundle(locale, namespace, table)
    }
  }

  /** Where to look when a language lacks a text: first where it is written in the same letters. */
  #likeLocales(code: string): string[] {
    const [language, script] = lettersOf(code)
    const alike = Object.keys(this.#i18n.store.data).filter((locale) => lettersOf(locale)[0] === language)
    const [same, others] = [true, false].map((isSame) =>
      alike.filter((locale) => (lettersOf(locale)[1] === script) === isSame),
    )
    return [...(same ?? []), ...(others ?? []), this.locales.fallback, 'en']
  }
}

/** Language and letters of a locale: `zh-HK` is Chinese in traditional characters, as `zh-TW` is. */
function lettersOf(locale: string): readonly [language: string, script: string | undefined] {
  try {
    const { language, script } = new Intl.Locale(locale).maximize()
    return [language, script]
  } catch {
    return [locale, undefined]
  }
}

/** `dice:hello` is the text `hello` of `dice` and of its other instances; a key without colon is the framework's. */
function overridesOf(namespace: string, table: Readonly<Record<string, string>>): Record<string, string> {
  if (namespace === frameworkNamespace) {
    return Object.fromEntries(Object.entries(table).filter(([key]) => !key.includes(':')))
  }
  const [plugin = namespace] = namespace.split(':')
  return { ...withPrefix(table, `${plugin}:`), ...withPrefix(table, `${namespace}:`) }
}

function withPrefix(table: Readonly<Record<string, string>>, prefix: string): Record<string, string> {
  const entries = Object.entries(table).filter(([key]) => key.startsWith(prefix))
  return Object.fromEntries(entries.map(([key, text]) => [key.slice(prefix.length), text]))
}
