import { MynahError } from '../errors/mynah-error.ts'
import type { Scope } from '../lifecycle/scope.ts'
import {
  type AttributeValue,
  type Content,
  type Element,
  type ElementType,
  type ElementTypes,
  toElements,
  standardElements,
} from '../message/element.ts'
import type { ChatEvent } from '../model/event.ts'
import type { Bot } from '../bot/bot.ts'

/** Where a component is used. */
export interface ComponentUse {
  /** What stands inside the element. */
  readonly children: readonly Element[]
  /** The account that sends. */
  readonly bot: Bot
  /** Where the message goes. */
  readonly channelId: string
  /** What the message answers. */
  readonly event?: ChatEvent | undefined
}

/** Attributes of a component: those that `ElementTypes` has for its name, else whatever is written. */
export type ComponentAttributes<K extends string> = K extends ElementType
  ? Readonly<ElementTypes[K]>
  : Readonly<Record<string, AttributeValue | undefined>>

/** Makes content of an element when a message is sent. */
export type ElementComponent<K extends string = string> = (
  attrs: ComponentAttributes<K>,
  use: ComponentUse,
) => Content | Promise<Content>

interface Entry {
  readonly scope: Scope
  readonly make: (attrs: Element['attrs'], use: ComponentUse) => Content | Promise<Content>
}

/** Components in components; more is a circle. */
const maxDepth = 20

const tagName = /^[a-z][\w:.-]*$/i
const reserved: ReadonlySet<string> = new Set(standardElements)

/** Elements that plugins make, by name. */
export class ComponentTable {
  readonly #entries = new Map<string, Entry>()

  get size(): number {
    return this.#entries.size
  }

  /**
   * @returns Takes it away.
   * @throws MynahError `ELEMENT_INVALID` for a name that is no tag or stands for something else already;
   * `COMPONENT_CONFLICT` when another plugin has it.
   */
  add<K extends string>(scope: Scope, name: K, component: ElementComponent<K>): () => void {
    if (!tagName.test(name) || reserved.has(name)) {
      throw new MynahError('ELEMENT_INVALID', `"${name}" cannot be the name of a component; choose another.`)
    }
    const other = this.#entries.get(name)
    if (other !== undefined) {
      throw new MynahError(
        'COMPONENT_CONFLICT',
        `<${name}> of plugin ${scope.name} is taken by plugin ${other.scope.name}; rename one of them.`,
      )
    }
    // Elements of this name have these attributes, as far as a text form can promise that.
    const entry: Entry = { scope, make: component as Entry['make'] }
    this.#entries.set(name, entry)
    return () => void this.#entries.delete(name)
  }

  /** Whether a message has components in it. */
  isIn(elements: readonly Element[]): boolean {
    if (this.#entries.size === 0) return false
    return elements.some(({ type, children }) => this.#entries.has(type) || this.isIn(children))
  }

  /**
   * Puts the content of components in their places. One that fails is reported in the name of its plugin, and
   * what stands inside the element takes its place.
   */
  resolve(elements: readonly Element[], use: Omit<ComponentUse, 'children'>): Promise<Element[]> {
    return this.#resolve(elements, use, 0)
  }

  async #resolve(
    elements: readonly Element[],
    use: Omit<ComponentUse, 'children'>,
    depth: number,
  ): Promise<Element[]> {
    if (!this.isIn(elements)) return [...elements]
    return toElements(await Promise.all(elements.map((node) => this.#resolveOne(node, use, depth))))
  }

  async #resolveOne(node: Element, use: Omit<ComponentUse, 'children'>, depth: number): Promise<Content> {
    const { type, attrs } = node
    const entry = this.#entries.get(type)
    const children = await this.#resolve(node.children, use, depth)
    if (entry === undefined) return { ...node, children }
    const { scope, make } = entry
    if (scope.isPaused) return children
    scope.enter()
    try {
      if (depth >= maxDepth) throw new MynahError('ELEMENT_INVALID', `<${type}> stands in itself.`)
      const { bot, channelId, event } = use
      return await this.#resolve(
        toElements(await make(attrs, { children, bot, channelId, event })),
        use,
        depth + 1,
      )
    } catch (error) {
      scope.fail(error, `component ${type}`)
      return children
    } finally {
      scope.leave()
    }
  }
}
