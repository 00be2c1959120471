import { type AttributeValue, type Element, element, text, toElements } from './element.ts'
import { unescape } from './escape.ts'

const tag =
  /<(\/?)([a-z][\w:.-]*)((?:\s+[^\s=<>"'/{}]+(?:=(?:"[^"]*"|'[^']*'|\{[^{}]*\}|[^\s"'=<>{}/]+))?)*)\s*(\/?)>/giy
const attribute = /([^\s=<>"'/{}]+)(?:=(?:"([^"]*)"|'([^']*)'|\{([^{}]*)\}|([^\s"'=<>{}/]+)))?/g

const beginsTag = /[a-z/]/i

/** Deeper nesting than any message needs stays text, so that hostile input can exhaust neither stack nor time. */
const maxDepth = 100
/** So do more elements than any message has. */
const maxElements = 10_000

interface Open {
  type: string
  attrs: Record<string, AttributeValue>
  children: Element[]
}

/**
 * Reads the text form of a message. A text names no local files: the attribute `path` is left out. Never throws:
 * a tag that is not well formed stays text, a closing tag without its opening one is text, and what is still open
 * at the end is closed there.
 */
export function parse(source: string): Element[] {
  const root: Open = { type: '', attrs: {}, children: [] }
  const open: Open[] = [root]
  const top = (): Open => open.at(-1) ?? root
  let words = 0
  let elements = 0
  const flush = (end: number): void => {
    if (end > words) top().children.push(text(unescape(source.slice(words, end))))
  }
  for (let start = source.indexOf('<'); start >= 0; start = source.indexOf('<', start)) {
    if (elements >= maxElements) break
    tag.lastIndex = start
    const match = beginsTag.test(source.charAt(start + 1)) ? tag.exec(source) : null
    const [whole = '<', slash = '', type = '', written = '', isEmpty = ''] = match ?? []
    const end = start + whole.length
    const isOpening = match !== null && slash === ''
    const isText = isOpening
      ? isEmpty !== '/' && open.length > maxDepth
      : match === null || !isOpen(open, type)
    if (!isText) {
      flush(start)
      words = end
      if (!isOpening) close(open, type)
      else {
        elements += 1
        const next: Open = { type, attrs: attributes(written), children: [] }
        if (isEmpty === '/') top().children.push(finish(next))
        else open.push(next)
      }
    }
    start = end
  }
  flush(source.length)
  while (open.length > 1) close(open, top().type)
  return toElements(root.children)
}

function isOpen(open: readonly Open[], type: string): boolean {
  return open.some((node, depth) => depth > 0 && node.type === type)
}

function finish(node: Open): Element {
  const { type, attrs, children } = node
  return children.length === 0 ? element(type, attrs) : element(type, attrs, children)
}

function close(open: Open[], type: string): void {
  const index = open.findLastIndex((node) => node.type === type)
  while (open.length > index) {
    const node = open.pop()
    const parent = open.at(-1)
    if (node !== undefined && parent !== undefined) parent.children.push(finish(node))
  }
}

function attributes(source: string): Record<string, AttributeValue> {
  const result: Record<string, AttributeValue> = {}
  if (source === '') return result
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
