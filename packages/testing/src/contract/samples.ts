import { type Content, element, type ElementType, segment } from '@mynah/core'

import type { CallScene, ContractIds } from './stage.ts'

/** A picture of one pixel. */
const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const bytes = 'data:application/octet-stream;base64,bXluYWg='
/** Only the marks by which the kinds are known. */
const mp3 = `data:audio/mpeg;base64,${btoa('ID3\u0003'.padEnd(16, '\0'))}`
const mp4 = `data:video/mp4;base64,${btoa('\0\0\0\u0018ftypmp42'.padEnd(24, '\0'))}`

/** A picture of one pixel. */
export const image: Content = segment.image(pixel)

/** Something that has an element of each type. */
export function sampleOf(
  type: ElementType,
  { channelId, messageId, bot }: CallScene,
  ids: ContractIds,
): Content {
  const words = `the words of ${type}`
  switch (type) {
    case 'text':
      return words
    case 'at':
      return [segment.at(ids.user, 'Somebody'), ' look']
    case 'sharp':
      return ['In ', segment.channel(channelId, 'here')]
    case 'emoji':
      return ['Yes ', segment.emoji(ids.emoji ?? '👍')]
    case 'a':
      return segment.link('https://example.com/', words)
    case 'image':
      return image
    case 'audio':
      return segment.audio(mp3, { title: 'sample.mp3' })
    case 'video':
      return segment.video(mp4, { title: 'sample.mp4' })
    case 'file':
      return segment.file(bytes, { title: 'sample.txt' })
    case 'quote':
      return [segment.quote(messageId), words]
    case 'markdown':
      return segment.markdown(`**${words}**`)
    case 'button':
    case 'button-group':
      return ['Which?', segment.buttons(segment.button('go', 'Go'))]
    case 'card':
      return segment.card({ title: 'Card' }, words)
    case 'message':
    case 'author':
      return segment.forward(segment.message({ id: bot.selfId, name: 'Somebody' }, words))
    case 'location':
      return segment.location({ latitude: 31.2, longitude: 121.5, title: 'Shanghai', address: 'Shanghai' })
    case 'br':
      return ['one', element('br'), 'two']
    case 'pre':
      return element('pre', { lang: 'ts' }, words)
    case 'b':
    case 'i':
    case 'u':
    case 's':
    case 'p':
    case 'code':
    case 'spoiler':
    default:
      return element(type, {}, words)
  }
}
