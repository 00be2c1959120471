import { distance } from 'fastest-levenshtein'

/** What is wrong with the name of a language, with what may have been meant; `undefined` when it is one. */
export function localeProblem(locale: string): string | undefined {
  if (isLanguage(locale)) return undefined
  const near = suggest(locale)
  const hint = near === undefined ? '' : `; did you mean ${near}?`
  return `"${locale}" is no language; languages are written as en or zh-CN${hint}`
}

function isLanguage(locale: string): boolean {
  const parsed = parse(locale)
  return parsed !== undefined && nameOf(parsed.language, 'en') !== undefined
}

function parse(locale: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale(locale.replaceAll('_', '-'))
  } catch {
    return undefined
  }
}

function nameOf(language: string, display: string): string | undefined {
  return new Intl.DisplayNames([display], { type: 'language', fallback: 'none' }).of(language)
}

/** The language of which this is the name, in English or its own words, or that of a country of this code. */
function suggest(written: string): string | undefined {
  const name = written.toLowerCase()
  const letters = Array.from('abcdefghijklmnopqrstuvwxyz')
  const languages = letters.flatMap((first) => letters.map((second) => first + second))
  const found = languages.find((language) =>
    ['en', language].some((display) => {
      const shown = nameOf(language, display)?.toLowerCase()
      return shown !== undefined && distance(shown, name) <= Math.floor(shown.length / 5)
    }),
  )
  return asWritten(found ?? languageOfCountry(written))
}

function languageOfCountry(code: string): string | undefined {
  const parsed = /^[a-z]{2}$/i.test(code) ? parse(`und-${code}`)?.maximize() : undefined
  return parsed === undefined || parsed.language === 'und' ? undefined : parsed.language
}

/** Chinese is spoken by bots as `zh-CN`. */
function asWritten(language: string | undefined): string | undefined {
  return language === 'zh' ? 'zh-CN' : language
}
