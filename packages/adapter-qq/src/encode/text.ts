import { type Element, isElement, text, toElements } from '@mynah/core'
import { breakTags, escapeGuildText, escapeMarkdown } from '../escape.ts'
import type { Scene } from '../target.ts'

/** How the words of a message are written where they go. */
export interface TextEncoder {
  readonly scene: Scene
  readonly isMarkdown: boolean
  /** The id under which the platform knows the bot on the guild side. */
  readonly selfIds: { readonly selfId: string; readonly botId: string | undefined }
}

const idPattern = /^\w+$/

/** Writes texts, mentions, channels and faces; leaves everything else to its own fields. */
export function encodeText(elements: readonly Element[], encoder: TextEncoder): string {
  return elements.map((node) => encodeNode(node, encoder)).join('')
}

function encodeNode(node: Element, encoder: TextEncoder): string {
  if (isElement(node, 'text')) return plain(node.attrs.content, encoder)
  if (isElement(node, 'at')) return encodeMention(node.attrs, encoder)
  if (isElement(node, 'emoji')) return encodeEmoji(node.attrs, encoder)
  if (isElement(node, 'sharp')) {
    const { id, name } = node.attrs
    const isLink = isGuild(encoder.scene) && idPattern.test(id)
    return isLink ? `<#${id}>` : plain(`#${name ?? id}`, encoder)
  }
  if (isElement(node, 'markdown')) return node.attrs.content
  return ''
}

const isGuild = (scene: Scene): boolean => scene === 'channel' || scene === 'dm'

/** Text that is not markup: it reads the same at the other end. */
function plain(content: string, { scene, isMarkdown }: TextEncoder): string {
  if (isMarkdown) return escapeMarkdown(content)
  return isGuild(scene) ? escapeGuildText(content) : breakTags(content)
}

type At = { readonly id?: string; readonly name?: string; readonly role?: string; readonly type?: string }

function encodeMention({ id, name, role, type }: At, encoder: TextEncoder): string {
  const { scene, selfIds } = encoder
  if (type !== undefined && scene === 'channel') return '<qqbot-at-everyone />'
  if (id !== undefined && idPattern.test(id) && scene !== 'c2c') {
    const isSelf = id === selfIds.selfId && selfIds.botId !== undefined
    return `<qqbot-at-user id="${isSelf ? selfIds.botId : id}" />`
  }
  return plain(`@${name ?? type ?? id ?? role ?? ''}`, encoder)
}

/** System faces have a number and only guilds show them; Unicode emoji are text. */
function encodeEmoji(
  { id, name }: { readonly id: string; readonly name?: string },
  encoder: TextEncoder,
): string {
  if (!/^\d+$/.test(id)) return plain(id, encoder)
  if (isGuild(encoder.scene) && !encoder.isMarkdown) return `<emoji:${id}>`
  return plain(`[${name ?? id}]`, encoder)
}

/** The words of elements as one text element each, for joining. */
export function joinWithLine(before: readonly Element[], after: readonly Element[]): Element[] {
  return toElements([...before, text('\n'), ...after])
}
