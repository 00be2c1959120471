import * as en from './locales/en.ts'
import type { FrameworkKey, WordKey } from './locales/keys.ts'
import * as zhCN from './locales/zh-cn.ts'

/** The framework's own texts, by language. Every language has the same keys. */
export const frameworkTexts: Readonly<Record<string, Readonly<Record<FrameworkKey, string>>>> = {
  en: en.texts,
  'zh-CN': zhCN.texts,
}

/** The words for something in every language that the framework speaks: people may use any of them. */
export function wordsFor(key: WordKey): string[] {
  return splitWords(`${en.words[key]} ${zhCN.words[key]}`)
}

/** The words of a text in every language that the framework speaks. */
export function wordsOfText(key: FrameworkKey): string[] {
  return Object.values(frameworkTexts).flatMap((texts) => splitWords(texts[key]))
}

/** The words of a list that is written with blanks in between. */
export function splitWords(list: string): string[] {
  return list.split(' ').filter((word) => word !== '')
}
