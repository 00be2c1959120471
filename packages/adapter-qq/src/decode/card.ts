import { type Element, element } from '@mynah/core'
import type { ArkData } from '../wire/chat.ts'
import { mediaAt } from './media.ts'
import { isRecord, textIn } from '../wire/read.ts'

/** A shared card as an element; its fields stand in attributes of their own names behind `qq:`. */
export function decodeCard(ark: ArkData): Element {
  const fields = isRecord(ark.fields) ? ark.fields : {}
  const attrs: Record<string, string | number | boolean | undefined> = {
    title: textIn(fields['title']) ?? textIn(ark.prompt) ?? textIn(ark.ark_name),
    href: textIn(fields['jump_url']),
    'qq:type': textIn(ark.ark_type),
    'qq:name': textIn(ark.ark_name),
    'qq:prompt': textIn(ark.prompt),
  }
  for (const [name, value] of Object.entries(fields)) attrs[`qq:${name}`] = scalar(value)
  return element('card', attrs, textIn(fields['desc']), mediaAt('image', fields['preview']))
}

function scalar(value: unknown): string | number | boolean | undefined {
  if (value === null || value === undefined) return undefined
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return JSON.stringify(value)
}
