import type { MessageSupport } from '@mynah/core'
import type { Scene } from '../target.ts'

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

const elements: Readonly<Record<Scene, ReadonlySet<string>>> = {
  c2c: new Set([...common, ...files]),
  group: new Set([...common, ...files, 'at']),
  channel: new Set([...common, 'at', 'sharp', qqElements.embed]),
  dm: new Set([...common, 'at', 'sharp', qqElements.embed]),
}

/** What a scene shows by itself. */
export function supportIn(scene: Scene): MessageSupport {
  return { elements: elements[scene] }
}

/** What any scene shows: the rest is degraded before a scene is looked at. */
export const anySupport: MessageSupport = {
  elements: new Set([...elements.group, ...elements.channel]),
  maxTextLength,
}
