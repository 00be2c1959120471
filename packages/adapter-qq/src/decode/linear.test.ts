import { element, text } from '@mynah/core'
import { expectLinear, repeated } from '@mynah/core/testing'
import { describe, it } from 'vitest'
import { addressToSelf, trimContent } from './content.ts'
import { decodeEvent } from './decode.ts'
import { decodeForumContent } from './rich-text.ts'
import { readSceneExt } from './scene-ext.ts'
import { webAddress } from './web-address.ts'
import { encode } from '../encode/encode.ts'
import { planMessages } from '../send/plan.ts'
import { escapeMarkdown } from '../encode/escape.ts'
import type { TargetKind } from '../encode/target.ts'
import { parseTime } from './time.ts'

const context = { selfId: '102000001', botId: '1', receivedAt: 1_788_229_000_000 }
const openid = 'C60A4F8E1D7B4932B8F5E2A90D31C674'
const readGroup = (content: string): unknown => {
  const mentions = [{ scope: 'all', is_you: true }]
  const attachments = [{ url: 'a.example/1', content_type: 'image/png' }]
  const d = { id: 'M', author: { id: openid }, group_openid: openid, content, mentions, attachments }
  return decodeEvent({ op: 0, id: 'X', t: 'GROUP_MESSAGE_CREATE', d }, context)
}
const readChannel = (content: string): unknown => {
  const d = { id: 'M', author: { id: '7' }, guild_id: '1', channel_id: '2', content, mention_everyone: true }
  return decodeEvent({ op: 0, id: 'X', t: 'AT_MESSAGE_CREATE', d }, context)
}
const write =
  (kind: TargetKind, isMarkdown = false) =>
  (content: string): unknown =>
    encode([text('a'), text(content), ...(isMarkdown ? [element('markdown', { content })] : [])], {
      kind,
      selfIds: { selfId: '102000001', botId: '1' },
      quoteIndex: () => undefined,
    })

/** What opens a tag and never closes it, what nearly is one, and what is one: each over and over. */
const worst = [
  '<',
  '<@',
  '<@1',
  '<@!1>',
  '<@all>',
  '<qqbot-at-user id="',
  '<qqbot-at-user id=""',
  '<qqbot-at-user ',
  '<qqbot-at-everyone ',
  '<qqbot-at-everyone />',
  '@everyone',
  '<faceType=1,faceId="',
  '<faceType=4,faceId="",ext="',
  '<faceType=4,faceId="",ext="e30=">',
  '<attachmentType="a",attachmentIndex=0',
  '<attachmentType="a",attachmentIndex=0>',
  ',attachmentIndex=',
  '<a=1,b="',
  'a=1,',
  'a="",',
  '<a=',
  '&',
  '&amp;',
  '&lt',
  ' ',
  '\u00A0',
  '*',
  '](',
  '[',
  'a',
  '1',
  '.',
  '你',
  '\n',
]
const readers: Readonly<Record<string, (source: string) => unknown>> = {
  'read in a group': readGroup,
  'read in a channel': readChannel,
  'read behind an opening': (source) => readGroup(`<a=${source}`),
  'written to a group': write('group'),
  'written to a channel': write('channel'),
  'written as Markdown': write('channel', true),
  'escaped for Markdown': escapeMarkdown,
  'read as an address': (source) => [source, `https://${source}`, `a.${source}`].map(webAddress),
  'read as a time': parseTime,
  'read in a forum': (source) => [source, `[${source}`].map(decodeForumContent),
  'read in a scene': (source) => readSceneExt({ ext: [source] }),
  'trimmed and addressed': (source) => addressToSelf(trimContent([text(source)]), 'self'),
  'planned letter by letter': (source) =>
    planMessages(
      Array.from(source.slice(0, source.length / 128), (letter) => [text(letter), picture]),
      'group',
      1,
    ),
}
const picture = element('image', { src: 'https://a.example/1' })

// The collector of garbage and other work on the machine may fall into any one run.
describe('half a megabyte of the worst text', { retry: 3 }, () => {
  it.each(Object.entries(readers))(
    'is %s in a time in proportion to its length',
    (_, read) => {
      for (const piece of worst) expectLinear(repeated(piece), read, { label: JSON.stringify(piece) })
    },
    60_000,
  )
})
