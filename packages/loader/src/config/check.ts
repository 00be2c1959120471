import { z } from '@mynah/core'

import { attempt } from '../shared/attempt.ts'
import { isPlainObject } from '../shared/plain-object.ts'
import { explainIssues, type ValueIssue } from './explain.ts'
import { nearest } from './nearest.ts'
import { secretsIn } from './secrets.ts'
import { type Path, pathKey } from './substitute.ts'

export type { ValueIssue } from './explain.ts'

/** What a schema made of a value, the value as the schema could read it, and what of it is secret; or why not. */
export type Checked<T> =
  | { readonly value: T; readonly input: unknown; readonly secrets: readonly string[] }
  | { readonly issues: readonly ValueIssue[]; readonly secrets: readonly string[] }

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
  const shape = new Shape(describeSchema(schema))
  const readable = shape.coerce(value, at, fromEnvironment)
  const secrets = shape.secrets(readable)
  const unknown = shape.unknownKeys(readable, at)
  const result = schema.safeParse(readable)
  if (result.success) {
    return unknown.length > 0
      ? { issues: unknown, secrets }
      : { value: result.data, input: readable, secrets }
  }
  const wrong = result.error.issues.filter(({ code }) => code !== 'unrecognized_keys')
  return { issues: [...unknown, ...explainIssues(wrong, readable, at)], secrets }
}

/** A schema that has no JSON Schema, of another version of zod for instance, still checks. */
function describeSchema(schema: z.ZodType): JsonSchema {
  return attempt(() => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })) ?? {}
}

/** Answers questions about values by a JSON Schema. */
class Shape {
  readonly #root: JsonSchema

  constructor(root: JsonSchema) {
    this.#root = root
  }

  /** The schemas that a value may follow: references resolved, unions opened. */
  #options(schema: unknown, seen: ReadonlySet<unknown> = new Set()): JsonSchema[] {
    if (!isPlainObject(schema) || seen.has(schema)) return []
    const within = new Set(seen).add(schema)
    const reference = schema['$ref']
    if (typeof reference === 'string') return this.#options(this.#resolve(reference), within)
    const branches = branchesOf(schema)
    return branches.length === 0 ? [schema] : branches.flatMap((branch) => this.#options(branch, within))
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

  /** What stands where a schema says `.meta({ secret: true })`, however deep. */
  secrets(value: unknown, schemas: readonly unknown[] = [this.#root]): string[] {
    if (schemas.some((schema) => this.#isSecret(schema))) return secretsIn(value)
    const options = schemas.flatMap((schema) => this.#options(schema))
    if (Array.isArray(value)) {
      return value.flatMap((item, index) => this.secrets(item, itemsOf(options, index)))
    }
    if (!isPlainObject(value)) return []
    return Object.entries(value).flatMap(([key, item]) =>
      this.secrets(item, this.#member(options, key) ?? []),
    )
  }

  #isSecret(schema: unknown, seen: ReadonlySet<unknown> = new Set()): boolean {
    if (!isPlainObject(schema) || seen.has(schema)) return false
    if (schema['secret'] === true) return true
    const within = new Set(seen).add(schema)
    const reference = schema['$ref']
    if (typeof reference === 'string') return this.#isSecret(this.#resolve(reference), within)
    return branchesOf(schema).some((branch) => this.#isSecret(branch, within))
  }

  unknownKeys(value: unknown, at: Path, schemas: readonly unknown[] = [this.#root]): ValueIssue[] {
    const options = schemas.flatMap((schema) => this.#options(schema))
    if (Array.isArray(value)) {
      return value.flatMap((item, index) => {
        const items = itemsOf(options, index)
        return items.length === 0 ? [] : this.unknownKeys(item, [...at, index], items)
      })
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
    const near = nearest(key, known)
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
      return value.map((item, index) => this.coerce(item, [...at, index], marked, itemsOf(options, index)))
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

function branchesOf(schema: JsonSchema): unknown[] {
  const lists = ['anyOf', 'oneOf', 'allOf'].map((key) => schema[key])
  return lists.find((list) => Array.isArray(list)) ?? []
}

/** The schemas of an item of a list; the first ones of a tuple have their own. */
function itemsOf(options: readonly JsonSchema[], index: number): unknown[] {
  return options.flatMap(({ prefixItems, items }) => {
    const own: unknown = Array.isArray(prefixItems) ? prefixItems[index] : undefined
    return own !== undefined ? [own] : items === undefined ? [] : [items]
  })
}

function coerceText(value: string, options: readonly JsonSchema[]): unknown {
  const types = new Set(options.map(({ type }) => type))
  if (types.has('string')) return value
  if ((types.has('number') || types.has('integer')) && value.trim() !== '' && Number.isFinite(Number(value)))
    return Number(value)
  return types.has('boolean') ? readBoolean(value) : value
}

/** A text of a variable that says yes or no; other values stay what they are. */
export function readBoolean(value: unknown): unknown {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : undefined
  return word === 'true' ? true : word === 'false' ? false : value
}
