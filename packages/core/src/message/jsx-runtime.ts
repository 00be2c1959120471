/**
 * The JSX runtime: with `"jsx": "react-jsx"` and `"jsxImportSource": "@mynah/core"` in tsconfig.json a message
 * can be written as markup.
 *
 * @example
 * ```tsx
 * ctx.command('hello').action(({ session }) => <>Hello, <at id={session.user.id} />!</>)
 * ```
 */
import { type AttributeValue, type Content, type Element, element, toElements } from './element.ts'
import type { ElementType, ElementTypes } from './element.ts'

/** A function that makes content of its attributes; its name is used as a tag. */
export type Component<P extends object = object> = (props: P) => Content

interface Props {
  readonly children?: Content
  readonly [attribute: string]: unknown
}

/** What the compiler calls for a tag. */
export function jsx(type: string | Component<Props>, props: Props): Content {
  if (typeof type === 'function') return type(props)
  const { children, ...rest } = props
  const attrs: Record<string, AttributeValue> = {}
  for (const [key, value] of Object.entries(rest)) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      attrs[key] = value
  }
  return element(type, attrs, children)
}

export { jsx as jsxs }

/** What the compiler calls for `<>…</>`. */
export function Fragment(props: { readonly children?: Content }): Element[] {
  return toElements(props.children)
}

/** The types that the compiler checks tags with. */
export namespace JSX {
  export type Element = Content
  export interface ElementChildrenAttribute {
    children: Content
  }
  export type IntrinsicElements = {
    [K in ElementType]: ElementTypes[K] & { readonly children?: Content }
  }
}
