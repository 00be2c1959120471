import type { Element } from '../message/element.ts'

/** A mentioned user. */
export interface UserArgument {
  /** Id of the user. */
  readonly id: string
  /** Name, where the mention has it. */
  readonly name?: string
}

/** A mentioned channel. */
export interface ChannelArgument {
  /** Id of the channel. */
  readonly id: string
  /** Name, where the mention has it. */
  readonly name?: string
}

/** A picture in a command. */
export interface ImageArgument {
  /** `http(s):` or `data:` address. */
  readonly src: string
  /** File name or alternative text. */
  readonly title?: string
}

/**
 * Argument types by the name that stands in a declaration, with what the handler receives. `ctx.argument`
 * adds the parser of a type whose name is added here by augmentation.
 */
export interface ArgumentTypes {
  /** A word, or several in quotation marks. */
  string: string
  /** A whole number that is exact. */
  int: number
  /** A finite number. */
  number: number
  /** `true`, `yes`, `on`, `1` and their opposites, in all of the framework's languages. */
  boolean: boolean
  /** The rest of the line, as it was written. */
  text: string
  /** The rest of the message with its elements. */
  content: readonly Element[]
  /** A mention, or an id. */
  user: UserArgument
  /** A mention, or an id. */
  channel: ChannelArgument
  /** A picture, or the address of one. */
  image: ImageArgument
  /** Ms; written as `90s`, `1h30m`, `2d`. */
  duration: number
  /** A day or a moment; `2026-01-31`, `2026-01-31T08:00`, `08:00`, `tomorrow`. */
  date: Date
}

/** Types whose values may be limited: `int(1..100)`; of texts, how many characters. */
type RangedType = 'int' | 'number' | 'duration' | 'string' | 'text'

type ValueOf<T extends string> = T extends keyof ArgumentTypes
  ? ArgumentTypes[T]
  : T extends `${infer A}|${infer B}`
    ? A | Choices<B>
    : never
type Choices<T extends string> = T extends `${infer A}|${infer B}` ? A | Choices<B> : T

/** Splits `name:type(range)...=default`. */
type WrittenType<P extends string> = StripDots<StripDefault<P>> extends `${string}:${infer T}` ? T : 'string'
type TypeName<P extends string> = StripRange<WrittenType<P>>
type StripRange<T extends string> = T extends `${infer N}(${string})` ? N : T
type StripDefault<P extends string> = P extends `${infer N}=${string}` ? N : P
type StripDots<P extends string> = P extends `${infer N}...` ? N : P
type IsVariadic<P extends string> = StripDefault<P> extends `${string}...` ? true : false
type HasDefault<P extends string> = P extends `${string}=${string}` ? true : false

/** What is wrong with a written type; `never` when nothing is. */
type TypeFault<T extends string> = T extends keyof ArgumentTypes
  ? never
  : T extends `${infer N}(${infer R})`
    ? N extends RangedType
      ? R extends `${string}..${string}`
        ? never
        : `Write the range of "${N}" as (1..9), (1..) or (..9).`
      : `Arguments of type "${N}" have no range.`
    : T extends `${string}|${string}`
      ? never
      : `There is no argument type "${T}".`
type WordFault<W extends string> = W extends
  | `${string}<${infer P}>${string}`
  | `${string}[${infer P}]${string}`
  ? TypeFault<WrittenType<P>>
  : never
type Fault<D extends string> = D extends `${infer W} ${infer Rest}`
  ? WordFault<W> | Fault<Rest>
  : WordFault<D>

/** A declaration as it is written, or a sentence about what is wrong with it, which no declaration fits. */
export type CheckedDeclaration<D extends string> = string extends D
  ? D
  : [Fault<D>] extends [never]
    ? D
    : Fault<D>

type RequiredValue<P extends string> =
  IsVariadic<P> extends true ? readonly ValueOf<TypeName<P>>[] : ValueOf<TypeName<P>>
type OptionalValue<P extends string> =
  IsVariadic<P> extends true
    ? readonly ValueOf<TypeName<P>>[]
    : HasDefault<P> extends true
      ? ValueOf<TypeName<P>>
      : ValueOf<TypeName<P>> | undefined

type WordValue<W extends string> = W extends `<${infer P}>`
  ? [RequiredValue<P>]
  : W extends `[${infer P}]`
    ? [OptionalValue<P>]
    : []

/** The arguments that a declaration such as `'roll [times:int=1]'` describes, as a tuple. */
export type ArgumentsOf<D extends string> = string extends D
  ? readonly unknown[]
  : D extends `${infer W} ${infer Rest}`
    ? [...WordValue<W>, ...ArgumentsOf<Rest>]
    : WordValue<D>

type OptionWord<S extends string> = S extends `${string}<${infer P}>${string}`
  ? { required: P }
  : S extends `${string}[${infer P}]${string}`
    ? { optional: P }
    : { flag: true }

type OptionValue<S extends string> =
  OptionWord<S> extends { required: infer P extends string }
    ? OptionalValue<P>
    : OptionWord<S> extends { optional: infer P extends string }
      ? ValueOf<TypeName<P>> | true | undefined
      : boolean

/** The option that a declaration such as `'-s <n:int>'` describes. */
export type OptionOf<Name extends string, S extends string> = { readonly [K in Name]: OptionValue<S> }
