import { z } from '@mynah/core'
import { distance } from 'fastest-levenshtein'

import { isPlainObject, type Path, pathKey } from './substitute.ts'

/** One thing that is wrong with a value. */
export interface ValueIssue {
  readonly path: Path
  readonly message: string
}

/** What a schema made of a value and the value as the schema could read it, or why not. */
export type Checked<T> =
  | { readonly value: T; readonly input: unknown }
  | { readonly issues: readonly ValueIssue[] }

type JsonSchema = Readonly<Record<string, unknown>>

/**
 * Checks a value by a schema: unknown keys are refused, also where the schema would ignore them, and texts
 * that came whole from the environment may stand for numbers and booleans.
 *
 * @param at - Where the value stands in its file.
 * @param fromEnvironment - Places whose text came from variables, see `substitute`.
 */
export function checkValue<T>(
  schema: z.ZodType<T>,
  value: unknown,
  at: Path,
  fromEnvironment: ReadonlySet<string>,
): Checked<T> {
  const shape = new Shape(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))
  const readable = shape.coerce(value, at, fromEnvironment)
  const unknown = shape.unknownKeys(readable, at)
  const result = schema.safeParse(readable)
  if (result.success) {
    return unknown.length > 0 ? { issues: unknown } : { value: result.data, input: readable }
  }
  const wrong = result.error.issues
    .filter(({ code }) => code !== 'unrecognized_keys')
    .map(({ path, message }) => ({
      path: [...at, ...path.map((key) => (typeof key === 'symbol' ? String(key) : key))],
      message,
    }))
  return { issues: [...unknown, ...wrong] }
}

/** Answers questions about values by a JSON Schema. */
class Shape {
  readonly #root: JsonSchema

  constructor(root: JsonSchema) {
    this.#root = root
  }

  /** The schemas that a value may follow: references resolved, unions opened. */
  #options(schema: unknown): JsonSchema[] {
    if (!isPlainObject(schema)) return []
    const reference = schema['$ref']
    if (typeof reference === 'string') return this.#options(this.#resolve(reference))
    for (const key of ['anyOf', 'oneOf', 'allOf']) {
      const list = schema[key]
      if (Array.isArray(list)) return list.flatMap((item) => this.#options(item))
    }
    return [schema]
  }

  #resolve(reference: string): unknown {
    let node: unknown = this.#root
    for (const key of reference.split('/').slice(1)) node = isPlainObject(node) ? node[key] : undefined
    return node
  }

  /** Schemas of a member of an object; `undefined` when there can be no member of that name. */
  #member(options: readonly JsonSchema[], key: string): unknown[] | undefined {
    const found: unknown[] = []
    let isOpen = options.length === 0
    for (const option of options) {
      const properties = option['properties']
      const rest = option['additionalProperties']
      if (isPlainObject(properties) && Object.hasOwn(properties, key)) found.push(properties[key])
      else if (isPlainObject(rest)) found.push(rest)
      else if (rest === true || !isPlainObject(properties)) isOpen = true
    }
    return found.length > 0 || isOpen ? found : undefined
  }

  unknownKeys(value: unknown, at: Path, schemas: readonly unknown[] = [this.#root]): ValueIssue[] {
    const options = schemas.flatMap((schema) => this.#options(schema))
    if (Array.isArray(value)) {
      const items = options.flatMap((option) => (option['items'] === undefined ? [] : [option['items']]))
      return items.length === 0
        ? []
        : value.flatMap((item, index) => this.unknownKeys(item, [...at, index], items))
    }
    if (!isPlainObject(value)) return []
    const objects = options.filter(
      (option) => option['type'] === 'object' || option['properties'] !== undefined,
    )
    if (objects.length === 0) return []
    return Object.entries(value).flatMap(([key, item]) => {
      const member = this.#member(objects, key)
      if (member !== undefined) return member.length === 0 ? [] : this.unknownKeys(item, [...at, key], member)
      return [{ path: [...at, key], message: `unknown key${this.#hint(objects, key)}` }]
    })
  }

  #hint(objects: readonly JsonSchema[], key: string): string {
    const known = objects.flatMap(({ properties }) =>
      isPlainObject(properties) ? Object.keys(properties) : [],
    )
    const near = known.filter((name) => distance(name, key) <= Math.max(1, Math.floor(name.length / 3)))
    if (near.length > 0) return `; did you mean ${near.join(' or ')}?`
    return known.length > 0 ? `; known keys are ${known.join(', ')}` : ''
  }

  coerce(
    value: unknown,
    at: Path,
    marked: ReadonlySet<string>,
    schemas: readonly unknown[] = [this.#root],
  ): unknown {
    if (marked.size === 0) return value
    const options = schemas.flatMap((schema) => this.#options(schema))
    if (typeof value === 'string') return marked.has(pathKey(at)) ? coerceText(value, options) : value
    if (Array.isArray(value)) {
      const items = options.flatMap((option) => (option['items'] === undefined ? [] : [option['items']]))
      return value.map((item, index) => this.coerce(item, [...at, index], marked, items))
    }
    if (!isPlainObject(value)) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        this.coerce(item, [...at, key], marked, this.#member(options, key) ?? []),
      ]),
    )
  }
}

function coerceText(value: string, options: readonly JsonSchema[]): unknown {
  const types = new Set(options.map(({ type }) => type))
  if (types.has('string')) return value
  if ((types.has('number') || types.has('integer')) && value.trim() !== '' && Number.isFinite(Number(value)))
    return Number(value)
  if (types.has('boolean') && (value === 'true' || value === 'false')) return value === 'true'
  return value
}
