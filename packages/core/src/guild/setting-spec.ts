import type { z } from 'zod'

import { isTree, type Tree } from '../shared/plain.ts'

/** One setting of guilds, as its plugin declares it. */
export interface SettingSpec {
  /** Keys from the top, joined by dots, such as `quiet.from`. */
  readonly path: string
  /** What it is, as `.describe()` says it. */
  readonly description: string | undefined
  /** Which values it takes. */
  readonly schema: z.core.$ZodType
}

/** A path of the settings `T`: `quiet`, or `quiet.from` for what stands in an object. */
export type SettingPath<T> = {
  [K in keyof T & string]: NonNullable<T[K]> extends Tree
    ? string extends keyof NonNullable<T[K]>
      ? K
      : `${K}.${SettingPath<NonNullable<T[K]>>}`
    : K
}[keyof T & string]

/** What may be written for the setting at a path of `T`. */
export type SettingValue<T, P extends string> = P extends `${infer K}.${infer Rest}`
  ? K extends keyof T
    ? SettingValue<NonNullable<T[K]>, Rest>
    : never
  : P extends keyof T
    ? T[P]
    : never

/** The schema of one value, with what is wrapped around it. */
interface Wrapped extends z.core.$ZodTypeDef {
  readonly innerType?: z.core.$ZodType
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>
  readonly defaultValue?: unknown
}

/** The settings of a schema in the order in which they are declared; objects in it are taken apart. */
export function settingsOf(schema: z.core.$ZodType, prefix = ''): SettingSpec[] {
  return Object.entries(shapeOf(schema) ?? {}).flatMap(([key, inner]) => {
    const path = `${prefix}${key}`
    if (shapeOf(inner) !== undefined) return settingsOf(inner, `${path}.`)
    return [{ path, description: descriptionOf(inner), schema: inner }]
  })
}

/** The fields of an object, also where it has a default; nothing for anything else. */
function shapeOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> | undefined {
  const def: Wrapped = schema._zod.def
  if (def.type === 'object') return def.shape
  return def.innerType === undefined ? undefined : shapeOf(def.innerType)
}

/** What is there where nothing is set: objects with nothing in them, or with their defaults. */
export function skeletonOf(schema: z.core.$ZodType): Tree {
  const { innerType, shape, defaultValue }: Wrapped = schema._zod.def
  if (innerType !== undefined) return isTree(defaultValue) ? defaultValue : skeletonOf(innerType)
  const inner = Object.entries(shape ?? {}).filter(([, field]) => shapeOf(field) !== undefined)
  return Object.fromEntries(inner.map(([key, field]) => [key, skeletonOf(field)]))
}

/** What is set, over what is there where it is not. */
export function over(base: Tree, set: Tree): Tree {
  const merged: Record<string, unknown> = { ...base, ...set }
  for (const [key, inner] of Object.entries(base)) {
    const value = set[key]
    if (isTree(inner) && isTree(value)) merged[key] = over(inner, value)
  }
  return merged
}

function descriptionOf(schema: z.core.$ZodType): string | undefined {
  const description: unknown = Reflect.get(schema, 'description')
  return typeof description === 'string' ? description : undefined
}

/** What stands at a path. */
export function valueAt(tree: unknown, path: string): unknown {
  let value = tree
  for (const key of path.split('.'))
    value = isTree(value) && Object.hasOwn(value, key) ? value[key] : undefined
  return value
}

/** The same with another value at a path; `undefined` takes it away. */
export function withValue(tree: Tree, path: string, value: unknown): Tree {
  const [key = '', ...rest] = path.split('.')
  const { [key]: old, ...others } = tree
  const changed = rest.length === 0 ? value : withValue(isTree(old) ? old : {}, rest.join('.'), value)
  const isGone =
    changed === undefined || (rest.length > 0 && isTree(changed) && Object.keys(changed).length === 0)
  return isGone ? others : { ...others, [key]: changed }
}
