import type { ChatEvent } from '../model/event.ts'
import type { LocaleTable } from './locale-table.ts'

/** Texts by key, in one language. Keys are flat; `{{name}}` stands for a value. */
export type TextTable = Readonly<Record<string, string>>

/** Texts of a plugin by language, then by key. */
export type TextTables = Readonly<Record<string, TextTable>>

/** Whose language a text is in; the default one for `undefined`. */
export type TextTarget =
  /** A session, or an event within `{ event }`: the language of its person or place. */
  | { readonly event: ChatEvent }
  /** A language such as `zh-CN`. */
  | string
  | undefined

type PluralForm = 'zero' | 'one' | 'two' | 'few' | 'many' | 'other'

/** Keys of a table in any of the languages. */
type WrittenKey<L extends TextTables> = { [Locale in keyof L]: keyof L[Locale] & string }[keyof L]

/** Keys as they are asked for: `rolls_one` and `rolls_other` are two forms of `rolls`. */
export type TextKey<L extends TextTables> =
  WrittenKey<L> extends infer K ? (K extends `${infer Base}_${PluralForm}` ? Base : K & string) : never

type TextOf<L extends TextTables, K extends string> = {
  [Locale in keyof L]: {
    [W in keyof L[Locale] & (K | `${K}_${PluralForm}`)]: L[Locale][W]
  }[keyof L[Locale] & (K | `${K}_${PluralForm}`)]
}[keyof L]

type Trim<S extends string> = S extends ` ${infer R}` | `${infer R} ` ? Trim<R> : S
type NameOf<S extends string> = S extends `${infer N},${string}` ? Trim<N> : Trim<S>
type Placeholder<S extends string> = S extends `${string}{{${infer N}}}${infer Rest}`
  ? NameOf<N> | Placeholder<Rest>
  : never

/** What goes into a text: nothing, or a value for each `{{name}}` that one of the languages has. */
export type TextArguments<S extends string> = string extends S
  ? [values?: Readonly<Record<string, string | number>>]
  : [Placeholder<S>] extends [never]
    ? []
    : [values: { readonly [N in Placeholder<S>]: N extends 'count' ? number : string | number }]

/**
 * A text in the language of somebody. A `count` picks the plural form (`rolls_one`, `rolls_other`).
 *
 * @example
 * ```ts
 * const t = ctx.i18n({ en: { hello: 'Hello {{name}}' }, 'zh-CN': { hello: '你好，{{name}}' } })
 * ctx.command('hello').action(({ session }) => t(session, 'hello', { name: session.user.name ?? '?' }))
 * ```
 */
export type Translator<L extends TextTables> = <K extends TextKey<L>>(
  to: TextTarget,
  key: K,
  ...values: TextArguments<TextOf<L, K> & string>
) => string

/** The language of somebody; `undefined` for the default one. */
export function localeOf(to: TextTarget, { locales }: { readonly locales: LocaleTable }): string | undefined {
  return typeof to === 'object' ? locales.of(to.event) : to
}
