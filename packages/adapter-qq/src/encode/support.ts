import { type Element, isElement, type MessageSupport } from '@mynah/core'
import type { TargetKind } from './target.ts'

/** Elements of this platform: fields of a send call as JSON in the attribute `data`. */
export const qqElements = {
  ark: 'qq:ark',
  embed: 'qq:embed',
  keyboard: 'qq:keyboard',
  markdown: 'qq:markdown',
  raw: 'raw:qq',
} as const

/** Longest text of one message, in characters. The platform documents none; longer texts are cut in parts. */
export const maxTextLength = 2000

/** Longest text that parts are joined to when answers run short. */
export const maxJoinedLength = 4000

const common = [
  'emoji',
  'image',
  'quote',
  'markdown',
  'button',
  'button-group',
  qqElements.ark,
  qqElements.keyboard,
  qqElements.markdown,
  qqElements.raw,
]
const files = ['audio', 'video', 'file']

const elements: Readonly<Record<TargetKind, readonly string[]>> = {
  c2c: [...common, ...files],
  group: [...common, ...files, 'at'],
  channel: [...common, 'at', 'sharp', qqElements.embed],
  dm: [...common, 'at', 'sharp', qqElements.embed],
}

/** What a kind of place shows by itself. */
export function supportIn(kind: TargetKind): MessageSupport {
  return { elements: elements[kind] }
}

/** What any place shows: the rest is degraded before the kind of place is looked at. */
export const anySupport: MessageSupport = {
  elements: [...new Set([...elements.group, ...elements.channel])],
  maxTextLength,
}

/** Whether a picture can stand inside Markdown: the platform fetches it and wants its size. */
export function isInlineImage(node: Element): boolean {
  return (
    isElement(node, 'image') &&
    isWebAddress(node.attrs.src) &&
    isPixels(node.attrs.width) &&
    isPixels(node.attrs.height)
  )
}

const isPixels = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value)

/** Whether something is an address that the platform can fetch. */
export function isWebAddress(value: unknown): boolean {
  return typeof value === 'string' && /^https?:\/\//i.test(value) && URL.canParse(value)
}
