import { type AttributeValue, type Element, element, text, toElements } from './element.ts'
import { unescape } from './escape.ts'

const tag =
  /<(\/?)([a-z][\w:.-]*)((?:\s+[^\s=<>"'/{}]+(?:=(?:"[^"]*"|'[^']*'|\{[^{}]*\}|[^\s"'=<>{}/]+))?)*)\s*(\/?)>/giy
const attribute = /([^\s=<>"'/{}]+)(?:=(?:"([^"]*)"|'([^']*)'|\{([^{}]*)\}|([^\s"'=<>{}/]+)))?/g

/** Deeper nesting than any message needs stays text, so that hostile input can exhaust neither stack nor time. */
const maxDepth = 100

interface Open {
  type: string
  attrs: Record<string, AttributeValue>
  children: Element[]
}

/**
 * Reads the text form of a message. A text names no local files: the attribute `path` is left out. Never throws: a tag that is not well formed stays text, a closing tag
 * without its opening one is text, and what is still open at the end is closed there.
 */
export function parse(source: string): Element[] {
  const root: Open = { type: '', attrs: {}, children: [] }
  const open: Open[] = [root]
  const top = (): Open => open.at(-1) ?? root
  let position = 0
  while (position < source.length) {
    const start = source.indexOf('<', position)
    const end = start < 0 ? source.length : start
    if (end > position) top().children.push(text(unescape(source.slice(position, end))))
    if (start < 0) break
    tag.lastIndex = start
    const match = tag.exec(source)
    position = match === null ? start + 1 : tag.lastIndex
    if (match === null) {
      top().children.push(text('<'))
    } else if (match[1] === '/') {
      if (!close(open, match[2] ?? '')) top().children.push(text(match[0]))
    } else if (match[4] !== '/' && open.length > maxDepth) {
      top().children.push(text(match[0]))
    } else {
      const next: Open = { type: match[2] ?? '', attrs: attributes(match[3] ?? ''), children: [] }
      if (match[4] === '/') top().children.push(finish(next))
      else open.push(next)
    }
  }
  while (open.length > 1) close(open, top().type)
  return toElements(root.children)
}

function finish(node: Open): Element {
  return element(node.type, node.attrs, node.children)
}

function close(open: Open[], type: string): boolean {
  const index = open.findLastIndex((node, depth) => depth > 0 && node.type === type)
  if (index < 0) return false
  while (open.length > index) {
    const node = open.pop()
    const parent = open.at(-1)
    if (node !== undefined && parent !== undefined) parent.children.push(finish(node))
  }
  return true
}

function attributes(source: string): Record<string, AttributeValue> {
  const result: Record<string, AttributeValue> = {}
  for (const [, key = '', double, single, braces, bare] of source.matchAll(attribute)) {
    if (key === 'path') continue
    const quoted = double ?? single
    Object.defineProperty(result, key, {
      value:
        quoted === undefined ? (braces === undefined ? (bare ?? true) : literal(braces)) : unescape(quoted),
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }
  return result
}

function literal(source: string): AttributeValue {
  if (source === 'true') return true
  if (source === 'false') return false
  const value = Number(source)
  return source.trim() === '' || (Number.isNaN(value) && source !== 'NaN') ? source : value
}
