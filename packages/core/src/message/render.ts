import { type AttributeValue, type Content, type Element, isElement, toElements } from './element.ts'
import { escape } from './escape.ts'

/**
 * The text form of a message: XML in the style of the Satori protocol. Numbers and `false` stand in braces
 * (`width={5}`), so that `parse(render(x))` is `x` again.
 */
export function render(content: Content): string {
  return renderAll(toElements(content))
}

function renderAll(elements: readonly Element[]): string {
  let result = ''
  for (const node of elements) result += renderOne(node)
  return result
}

function renderOne(node: Element): string {
  if (isElement(node, 'text')) return escape(node.attrs.content)
  const attributes = Object.entries(node.attrs).map(renderAttribute).join('')
  return node.children.length === 0
    ? `<${node.type}${attributes}/>`
    : `<${node.type}${attributes}>${renderAll(node.children)}</${node.type}>`
}

function renderAttribute([key, value]: [string, AttributeValue | undefined]): string {
  if (value === undefined) return ''
  if (typeof value === 'string') return ` ${key}="${escape(value)}"`
  return value === true ? ` ${key}` : ` ${key}={${Object.is(value, -0) ? '-0' : String(value)}}`
}
