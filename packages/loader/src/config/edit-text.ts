import { isDeepStrictEqual } from 'node:util'

import { MynahError } from '@mynah/core'
import { type Document, isAlias, parseDocument, Scalar, type ToStringOptions } from 'yaml'

import { attempt } from '../shared/attempt.ts'
import { hasPairs, isKey, withBraces, withoutBraces } from './config-text.ts'
import type { Path } from './substitute.ts'

/**
 * Writes a value into a text; comments, order and form of the rest stay. What stands in its way and is no mapping is
 * replaced.
 *
 * @param value - `undefined` takes the key away.
 * @throws MynahError `UNSUPPORTED` behind an alias of YAML.
 */
export function editText(text: string, path: Path, value: unknown): string {
  const plain = withoutBraces(text.replaceAll('\r\n', '\n'))
  const edited = withBraces(editPlain(plain, path, value))
  return text.includes('\r\n') ? edited.replaceAll('\n', '\r\n') : edited
}

function editPlain(text: string, written: Path, value: unknown): string {
  const document = read(text)
  const form = yamlForm(text)
  const before = document.toString(form)
  const path = keysIn(document, written)
  const node = document.getIn(path, true)
  if (isPlace(node) && isSimple(value)) return replaceAt(text, node.range, value)
  if (value === undefined) document.deleteIn(path)
  else {
    makeRoom(document, path)
    document.setIn(path, document.createNode(JSON.parse(withoutBraces(JSON.stringify(value)))))
  }
  return isJson(text) ? jsonOf(document.toJS(), text) : keepLines(text, before, document.toString(form))
}

/** Makes mappings above a place. */
function makeRoom(document: Document, path: readonly unknown[]): void {
  for (let length = 1; length < path.length; length += 1) {
    const above = path.slice(0, length)
    const parent = document.getIn(above, true)
    if (parent instanceof Scalar) document.setIn(above, document.createNode({}))
    else if (isAlias(parent)) {
      throw new MynahError(
        'UNSUPPORTED',
        `${above.join('.')} stands for what is written elsewhere (*${parent.source}); change it by hand.`,
      )
    }
  }
}

function read(text: string): Document {
  // Long numbers keep their digits.
  return parseDocument(text, { merge: true, intAsBigInt: true })
}

/** Leaves the lines of a text that an edit did not change as they were, where nothing else comes of that. */
function keepLines(text: string, before: string, after: string): string {
  const [was, old, now] = [text, before, after].map((lines) => lines.split('\n'))
  if (was === undefined || old === undefined || now === undefined || was.length !== old.length) return after
  const least = Math.min(old.length, now.length)
  let start = 0
  while (start < least && old[start] === now[start]) start += 1
  let end = 0
  while (end < least - start && old.at(-1 - end) === now.at(-1 - end)) end += 1
  const lines = [
    ...was.slice(0, start),
    ...now.slice(start, now.length - end),
    ...was.slice(was.length - end),
  ]
  const kept = lines.join('\n')
  return isDeepStrictEqual(read(kept).toJS(), read(after).toJS()) ? kept : after
}

/** The keys of a path as they stand in the document: an id without quotes is a number there. */
function keysIn(document: Document, path: Path): unknown[] {
  const keys: unknown[] = []
  for (const key of path) {
    const parent: unknown = document.getIn(keys, true)
    const inText = typeof key === 'string' ? withoutBraces(key) : key
    const found = hasPairs(parent) ? parent.items.find((item) => isKey(item.key, inText))?.key : undefined
    keys.push(found instanceof Scalar ? found.value : inText)
  }
  return keys
}

/** A text, a number or the like that stands in one place, which another one can take. */
interface ScalarPlace {
  readonly type?: string
  readonly range: [start: number, end: number, ...rest: number[]]
}

function isPlace(node: unknown): node is ScalarPlace {
  if (!(node instanceof Scalar) || node.anchor !== undefined || node.tag !== undefined) return false
  const [start = 0, end = 0] = node.range ?? []
  return end > start && (node.type === 'PLAIN' || node.type?.startsWith('QUOTE') === true)
}

function isSimple(value: unknown): value is string | number | boolean | null {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}

function replaceAt(
  text: string,
  [start, end]: ScalarPlace['range'],
  value: string | number | boolean | null,
): string {
  const isWord =
    typeof value === 'string' && !isJson(text) && /^(?!(?:true|false|null)$)[a-z][a-z-]*$/i.test(value)
  const written = isWord && !/["']/.test(text.charAt(start)) ? value : JSON.stringify(value)
  return `${text.slice(0, start)}${written}${text.slice(end)}`
}

function isJson(text: string): boolean {
  return typeof attempt((): unknown => JSON.parse(text)) === 'object'
}

function jsonOf(data: unknown, text: string): string {
  const keepDigits = (_: string, item: unknown): unknown =>
    typeof item === 'bigint' ? `\uE002${item}` : item
  const [, indent] = /\n([ \t]+)/.exec(text) ?? []
  const [end] = /\s*$/.exec(text) ?? []
  return JSON.stringify(data, keepDigits, indent).replaceAll(/"\uE002(-?\d+)"/g, '$1') + (end ?? '')
}

function yamlForm(text: string): ToStringOptions {
  const [, indent = '  '] = /^( +)[^\s#-]/m.exec(text) ?? []
  return { lineWidth: 0, indent: indent.length, indentSeq: !/^( *)[^\s#-].*:\s*\n\1- /m.test(text) }
}
