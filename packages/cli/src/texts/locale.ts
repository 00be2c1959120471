/** Languages that the command line speaks. */
export type Locale = 'en' | 'zh-CN'

/** The language of whoever is at the keyboard. */
export function detectLocale(environment: NodeJS.ProcessEnv): Locale {
  const named = [environment['LC_ALL'], environment['LC_MESSAGES'], environment['LANG']].find(Boolean)
  const locale = named ?? new Intl.DateTimeFormat().resolvedOptions().locale
  return /^zh\b|^zh_/i.test(locale) ? 'zh-CN' : 'en'
}
