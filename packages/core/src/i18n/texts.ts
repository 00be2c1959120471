import { createInstance, type i18n } from 'i18next'

import { frameworkTexts } from './locales.ts'

/** Values that go into a text. */
export type TextValues = Readonly<Record<string, string | number>>

const frameworkNamespace = 'mynah'

/** The texts of an app by language; what one language lacks comes from the default language, then English. */
export class Texts {
  readonly #i18n: i18n

  constructor() {
    this.#i18n = createInstance()
    void this.#i18n.init({
      lng: 'en',
      fallbackLng: 'en',
      defaultNS: frameworkNamespace,
      initAsync: false,
      showSupportNotice: false,
      keySeparator: false,
      nsSeparator: false,
      interpolation: { escapeValue: false },
      resources: Object.fromEntries(
        Object.entries(frameworkTexts).map(([language, texts]) => [
          language,
          { [frameworkNamespace]: texts },
        ]),
      ),
    })
  }

  /** Sets the language that is used when nothing tells better, such as `zh-CN`. */
  setLocale(locale: string): void {
    this.#i18n.options.fallbackLng = locale === 'en' ? ['en'] : [locale, 'en']
    void this.#i18n.changeLanguage(locale)
  }

  /**
   * The text of a key in the first of the languages that has it; the key itself where none does.
   *
   * @param namespace - Whose texts; the framework's own by default.
   */
  translate(
    locale: string | undefined,
    key: string,
    values: TextValues = {},
    namespace: string = frameworkNamespace,
  ): string {
    return this.#i18n.t(key, { ...values, ns: namespace, ...(locale === undefined ? {} : { lng: locale }) })
  }

  /** Adds texts of a plugin in one language. @returns Takes them away again. */
  add(namespace: string, locale: string, texts: Readonly<Record<string, string>>): () => void {
    this.#i18n.addResourceBundle(locale, namespace, texts, true, true)
    return () => this.#i18n.removeResourceBundle(locale, namespace)
  }
}
