import { chinese } from './chinese.ts'
import { english } from './english.ts'
import { detectLocale } from './locale.ts'
import type { Texts } from './texts.ts'

/** The texts for whoever is at the keyboard. */
export function textsFor(environment: NodeJS.ProcessEnv): Texts {
  return detectLocale(environment) === 'zh-CN' ? chinese : english
}
