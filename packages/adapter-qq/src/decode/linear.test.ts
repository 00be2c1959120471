import { element, text } from '@mynah/core'
import { describe, expect, it } from 'vitest'
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

const kilobytes = 1024
const fill = (piece: string, size: number): string =>
  piece.repeat(Math.ceil(size / piece.length)).slice(0, size)

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
/** Time of the processor in ms, which other programs of a busy machine do not lengthen. */
function cost(work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

const cheapest = (work: () => unknown): number => Math.min(...Array.from({ length: 3 }, () => cost(work)))

/** Twice the text takes about twice the time; what is over in no time says nothing about it. */
function expectLinear(read: (source: string) => unknown, piece: string): void {
  const [half, whole] = [fill(piece, 256 * kilobytes), fill(piece, 512 * kilobytes)]
  if (cost(() => read(whole)) < shortMs) return
  const measure = (): { ms: number; ratio: number } => {
    const ms = cheapest(() => read(whole))
    return { ms, ratio: ms < shortMs ? 1 : ms / cheapest(() => read(half)) }
  }
  let last = measure()
  for (let tries = 1; tries < 8 && (last.ms >= 300 || last.ratio > 2.5); tries += 1) last = measure()
  expect({ piece, isFast: last.ms < 300, isLinear: last.ratio <= 2.5 }).toEqual({
    piece,
    isFast: true,
    isLinear: true,
  })
}

const shortMs = 100

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
      for (const piece of worst) expectLinear(read, piece)
    },
    60_000,
  )
})
