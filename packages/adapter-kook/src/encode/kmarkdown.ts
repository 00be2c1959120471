import { type Element, type ElementOf, type ElementType, isElement, plainText } from '@mynah/core'

import { encodeCode, encodeLink, encodeText, escapeKMarkdown } from '../kmarkdown.ts'

type InlineEncoder<K extends ElementType> = (node: ElementOf<K>) => string

const inner = (node: Element): string => encodeKMarkdown(node.children)
/** Marks touch what they embrace, so blanks at the edges go outside. */
const wrapped =
  (open: string, close = open) =>
  (node: Element): string => {
    const content = inner(node)
    const core = content.trim()
    return core === '' ? content : content.replace(core, () => open + core + close)
  }

/** How each element stands in KMarkdown. */
const encoders: { readonly [K in ElementType]?: InlineEncoder<K> } = {
  text: ({ attrs }) => encodeText(attrs.content),
  at: ({ attrs }) => {
    if (attrs.role !== undefined) return `(rol)${attrs.role}(rol)`
    return attrs.id === undefined ? `(met)${attrs.type ?? 'all'}(met)` : `(met)${attrs.id}(met)`
  },
  sharp: ({ attrs }) => `(chn)${attrs.id}(chn)`,
  emoji: ({ attrs }) => {
    if (attrs.id.includes('/')) return `(emj)${attrs.name ?? attrs.id}(emj)[${attrs.id}]`
    return /^[\w+-]+$/.test(attrs.id) ? `:${attrs.id}:` : encodeText(attrs.id)
  },
  a: (node) => {
    const words = plainText(node.children)
    const isBare = node.children.length === 0 || words === node.attrs.href
    // An address among the words must not become a link inside the link.
    const label = node.children.every(({ type }) => type === 'text') ? escapeKMarkdown(words) : inner(node)
    return encodeLink(isBare ? node.attrs.href : label, node.attrs.href)
  },
  b: wrapped('**'),
  i: wrapped('*'),
  s: wrapped('~~'),
  u: wrapped('(ins)'),
  spoiler: wrapped('(spl)'),
  code: (node) => `\`${encodeCode(plainText(node.children))}\``,
  pre: (node) => `\`\`\`${node.attrs.lang ?? ''}\n${encodeCode(plainText(node.children))}\n\`\`\``,
  br: () => '\n',
  p: (node) => `${inner(node)}\n`,
  markdown: ({ attrs }) => attrs.content,
  'kook-font': (node) => {
    const content = inner(node)
    return content === '' ? '' : `(font)${content}(font)[${node.attrs.theme}]`
  },
}

/** Whether an element can stand in a line of KMarkdown. */
export function isInline(node: Element): boolean {
  return Object.hasOwn(encoders, node.type)
}

function encodeOne<K extends ElementType>(node: ElementOf<K>): string {
  return encoders[node.type]?.(node) ?? ''
}

function isKnown(node: Element): node is ElementOf<ElementType> {
  return Object.hasOwn(encoders, node.type)
}

/** Writes elements as KMarkdown. Text means nothing but itself; only the element `markdown` is source. */
export function encodeKMarkdown(elements: readonly Element[]): string {
  let result = ''
  for (const node of elements) {
    if (isElement(node, 'p') && result !== '' && !result.endsWith('\n')) result += '\n'
    result += isKnown(node) ? encodeOne(node) : inner(node)
  }
  return result
}
