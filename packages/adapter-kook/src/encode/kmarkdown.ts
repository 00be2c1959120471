import { type Element, type ElementOf, type ElementType, isElement, plainText } from '@mynah/core'

import { encodeCode, encodeLink, encodeText, escapeKMarkdown } from '../wire/kmarkdown.ts'

type InlineEncoder<K extends ElementType> = (node: ElementOf<K>) => string

/** Ids of users, roles and channels. Anything else is no id, and a role 0 would be everybody. */
const decimal = /^[1-9]\d{0,23}$/
/** Id of a guild's emoji: the guild and a hash. */
const guildEmoji = /^\d{1,24}\/[\w./+=-]{1,128}$/
const oneLine = (words: string): string => words.replaceAll(/\s+/g, ' ').trim()

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
  at: ({ attrs: { id, role, type, name } }) => {
    if (role !== undefined) return decimal.test(role) ? `(rol)${role}(rol)` : encodeText(`@${name ?? role}`)
    if (id !== undefined) return decimal.test(id) ? `(met)${id}(met)` : encodeText(`@${name ?? id}`)
    return `(met)${type === 'here' ? 'here' : 'all'}(met)`
  },
  sharp: ({ attrs: { id, name } }) => (decimal.test(id) ? `(chn)${id}(chn)` : encodeText(`#${name ?? id}`)),
  emoji: ({ attrs: { id, name } }) => {
    if (guildEmoji.test(id)) return `(emj)${escapeKMarkdown(oneLine(name ?? '') || id)}(emj)[${id}]`
    return /^[\w+-]+$/.test(id) ? `:${id}:` : encodeText(id)
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
  pre: ({ attrs: { lang = '' }, children }) =>
    `\`\`\`${/^[\w+#.-]{1,32}$/.test(lang) ? lang : ''}\n${encodeCode(plainText(children))}\n\`\`\``,
  br: () => '\n',
  p: (node) => `${inner(node)}\n`,
  markdown: ({ attrs }) => attrs.content,
  'kook-font': (node) => {
    const content = inner(node)
    const { theme } = node.attrs
    return content === '' || !/^[a-z]{1,16}$/.test(theme) ? content : `(font)${content}(font)[${theme}]`
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
  const parts: string[] = []
  for (const node of elements) {
    if (isElement(node, 'p') && parts.length > 0 && parts.at(-1)?.endsWith('\n') === false) parts.push('\n')
    const part = isKnown(node) ? encodeOne(node) : inner(node)
    if (part !== '') parts.push(part)
  }
  return parts.join('')
}
