import { isRecord, readText } from '@mynah/adapter-kit'
import { type Element, element } from '@mynah/core'
import type { ArkData } from '../wire/chat.ts'
import { mediaAt } from './media.ts'

/** A shared card as an element; its fields stand in attributes of their own names behind `qq:`. */
export function decodeCard(ark: ArkData): Element {
  const fields = isRecord(ark.fields) ? ark.fields : {}
  const attrs: Record<string, string | number | boolean | undefined> = {
    title: readText(fields['title']) ?? readText(ark.prompt) ?? readText(ark.ark_name),
    href: readText(fields['jump_url']),
    'qq:type': readText(ark.ark_type),
    'qq:name': readText(ark.ark_name),
    'qq:prompt': readText(ark.prompt),
  }
  for (const [name, value] of Object.entries(fields)) attrs[`qq:${name}`] = scalar(value)
  return element('card', attrs, readText(fields['desc']), mediaAt('image', fields['preview']))
}

function scalar(value: unknown): string | number | boolean | undefined {
  if (value === null || value === undefined) return undefined
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return JSON.stringify(value)
}
