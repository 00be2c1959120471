import { MalformedResponseError } from '../errors.ts'
import { isRaw, readId, readText } from '../wire/raw.ts'

/** @throws MalformedResponseError when the answer of an action is no object. */
export function objectOf<T extends object>(action: string, data: T): T {
  if (isRaw(data)) return data
  throw new MalformedResponseError('`data` of the answer is no object.', { action, raw: data })
}

/**
 * The entries of a list of which each has an id.
 *
 * @throws MalformedResponseError when the answer of an action is no list, or an entry lacks its id.
 */
export function entriesOf<T extends object>(action: string, data: readonly T[], id: keyof T & string): T[] {
  if (!Array.isArray(data)) {
    throw new MalformedResponseError('`data` of the answer is no list.', { action, raw: data })
  }
  return data.map((entry: T, index) => {
    if (isRaw(entry) && readId(entry[id]) !== undefined) return entry
    throw new MalformedResponseError(`\`data[${index}].${id}\` of the answer is missing.`, {
      action,
      raw: data,
    })
  })
}

/** @throws MalformedResponseError when the answer of an action lacks a text. */
export function textIn<T extends object>(action: string, data: T, key: keyof T & string): string {
  const found = readText(objectOf(action, data)[key])
  if (found !== undefined) return found
  throw new MalformedResponseError(`\`data.${key}\` of the answer is missing.`, { action, raw: data })
}
