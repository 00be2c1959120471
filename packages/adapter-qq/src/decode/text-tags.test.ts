import { readFileSync } from 'node:fs'
import type { Element } from '@mynah/core'
import { describe, expect, it } from 'vitest'
import type { Dispatch } from '../wire/envelope.ts'
import { decodeEvent } from './decode.ts'

const context = { selfId: '102000001', botId: '13358091276640182277', receivedAt: 1_788_229_000_000 }
const text = (content: string): object => ({ type: 'text', attrs: { content }, children: [] })
const picture = (name: string): object => ({
  url: `https://example.invalid/${name}`,
  filename: name,
  content_type: 'image/png',
})
const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64')

function read(t: string, d: object): readonly Element[] {
  const { event, error } = decodeEvent({ op: 0, id: 'X', t, d }, context)
  expect(error).toBeUndefined()
  expect(event.type).toBe('message-created')
  return event.message?.content ?? []
}

const openid = 'C60A4F8E1D7B4932B8F5E2A90D31C674'
const inGroup = (content: string, more: object = {}, t = 'GROUP_MESSAGE_CREATE'): readonly Element[] =>
  read(t, { id: 'M', author: { id: openid, member_openid: openid }, group_openid: openid, content, ...more })
const inC2C = (content: string, more: object = {}): readonly Element[] =>
  read('C2C_MESSAGE_CREATE', { id: 'M', author: { id: openid, user_openid: openid }, content, ...more })
const inChannel = (content: string, more: object = {}, t = 'MESSAGE_CREATE'): readonly Element[] =>
  read(t, { id: 'M', author: { id: '7' }, guild_id: '1', channel_id: '2', content, ...more })

const place = (index: number): string =>
  `<attachmentType="image/png",attachmentIndex=${index},description="${base64({ text: '[图片]' })}">`
/** What a message shows, in short. */
const shown = (content: readonly Element[]): string[] =>
  content.map(
    ({ type, attrs }) => `${type}:${String(attrs['content'] ?? attrs['title'] ?? attrs['name'] ?? '')}`,
  )

describe('the place of a file in a text', () => {
  it('is taken by the file, in groups and in one-to-one chats', () => {
    const attachments = [picture('a.png')]
    expect(shown(inC2C(` /搜图 ${place(0)}`, { attachments }))).toEqual(['text:/搜图 ', 'image:a.png'])
    expect(shown(inGroup(` /搜图 ${place(0)} `, { attachments }, 'GROUP_AT_MESSAGE_CREATE'))).toEqual([
      'at:',
      'text:/搜图 ',
      'image:a.png',
    ])
  })

  it('is that of the file with its number, whatever their order', () => {
    const attachments = [picture('a.png'), picture('b.png'), picture('c.png')]
    expect(shown(inC2C(`x ${place(1)} y ${place(0)}`, { attachments }))).toEqual([
      'text:x ',
      'image:b.png',
      'text: y ',
      'image:a.png',
      'image:c.png',
    ])
  })

  it.each([
    ['there is no such file', `a${place(7)}`],
    ['the number is none', '<attachmentType="image/png",attachmentIndex=x>a'],
    ['there is no number', '<attachmentType="image/png",description="">a'],
    ['the tag is of a kind nobody knows yet', '<stickerType=3,stickerId="9",ext="eyJ9">a'],
    ['the same file comes twice', `${place(0)}a${place(0)}`],
  ])('never stays as text where %s', (_, content) => {
    const files = inC2C(content, { attachments: [picture('a.png')] })
    expect(shown(files).sort()).toEqual(['image:a.png', 'text:a'])
  })

  it('is found in quoted messages as well', () => {
    const nested = { msg_idx: 'REFIDX_1', content: `see ${place(0)}`, attachments: [picture('a.png')] }
    const { event } = decodeEvent(
      {
        op: 0,
        id: 'X',
        t: 'C2C_MESSAGE_CREATE',
        d: { id: 'M', author: { id: openid }, content: 'x', message_type: 103, msg_elements: [nested] },
      },
      context,
    )
    expect(shown(event.message?.quote?.content ?? [])).toEqual(['text:see ', 'image:a.png'])
  })

  it.each(['a < b, c = d > e', '<b>x</b>', '<a href="x">', 'if (a<b) {}', '<x=1>', '<=>'])(
    'is not what a person typed: %s',
    (content) => {
      expect(inGroup(content)).toEqual([text(content)])
    },
  )
})

describe('a face', () => {
  const face = (fields: string, words = '[满头问号]'): string =>
    `<${fields},ext="${base64({ text: words })}">`

  it('of the market that comes without a file shows its words', () => {
    expect(inC2C('<faceType=4,faceId="",ext="eyJ0ZXh0IjoiW+a7oeWktOmXruWPt10ifQ==">')).toEqual([
      text('[满头问号]'),
    ])
    expect(inGroup(`a ${face('faceType=4,faceId="0"')}`)).toEqual([text('a [满头问号]')])
  })

  it('of the market is its picture where that comes as a file', () => {
    const content = `${face('faceType=4,faceId=""')} ${face('faceType=4,faceId=""')}`
    expect(shown(inC2C(content, { attachments: [picture('a.png')] }))).toEqual([
      'image:a.png',
      'text: [满头问号]',
    ])
  })

  it('of the system keeps its number and its name', () => {
    expect(inC2C(face('faceType=1,faceId="13"', '[呲牙]'))).toMatchObject([
      { type: 'emoji', attrs: { id: '13', name: '[呲牙]' } },
    ])
  })

  it.each(['', '%%%', 'bnVsbA==', 'e30='])('without words that can be read shows nothing: %j', (ext) => {
    expect(inC2C(`<faceType=4,faceId="",ext="${ext}">a`)).toEqual([text('a')])
  })
})

describe('a mention of everybody', () => {
  const all = { username: '全体成员', scope: 'all', is_you: true }

  it.each(['GROUP_MESSAGE_CREATE', 'GROUP_AT_MESSAGE_CREATE'])(
    'in a group is one of everybody and addresses nobody (%s)',
    (name) => {
      const content = inGroup('<@all> dinner', { mentions: [all] }, name)
      expect(content).toMatchObject([{ type: 'at', attrs: { type: 'all' } }, { type: 'text' }])
      expect(content.some(({ attrs }) => 'id' in attrs)).toBe(false)
    },
  )

  it('in a group may have an id of its own', () => {
    expect(inGroup('<@ALL1> x', { mentions: [{ ...all, id: 'ALL1' }] })).toMatchObject([
      { attrs: { type: 'all' } },
      { type: 'text' },
    ])
  })

  it('beside one of the bot addresses the bot', () => {
    const mentions = [all, { scope: 'single', id: '13358091276640182277', is_you: true }]
    expect(inGroup('<@all> x', { mentions }, 'GROUP_AT_MESSAGE_CREATE')[0]).toMatchObject({
      attrs: { id: '102000001' },
    })
  })

  it.each(['<@all> x', '<@everyone> x', '@everyone x', '<qqbot-at-everyone /> x'])(
    'in a group is none where the platform does not say it: %s',
    (content) => {
      expect(inGroup(content, { mentions: null })).toEqual([text(content)])
    },
  )

  it('in a channel is one only where the platform says it', () => {
    for (const words of ['@everyone', '<qqbot-at-everyone />']) {
      expect(inChannel(`hi ${words}`)).toEqual([text(`hi ${words}`)])
      expect(inChannel(`hi ${words}`, { mention_everyone: false })).toEqual([text(`hi ${words}`)])
      expect(inChannel(`hi ${words}`, { mention_everyone: true })).toMatchObject([
        { type: 'text' },
        { type: 'at', attrs: { type: 'all' } },
      ])
    }
    const direct = { mention_everyone: true, direct_message: true }
    expect(inChannel('hi @everyone', direct)).toEqual([text('hi @everyone')])
  })

  it('in a forum is not what somebody typed as JSON', () => {
    const title = JSON.stringify([{ at_info: { type: 3, guild_info: { guild_id: '1' } } }])
    const d = { guild_id: '1', channel_id: '2', author_id: '3', thread_info: { thread_id: 'T', title } }
    const { event } = decodeEvent({ op: 0, id: 'X', t: 'FORUM_THREAD_CREATE', d }, context)
    expect(JSON.stringify(event.message)).not.toContain('"all"')
  })
})

describe('what people send', () => {
  const files = [
    'file:///etc/hostname',
    'FILE:\\proc\\self\\environ',
    '/dev/zero',
    '\\\\server\\share',
    'C:\\secret.txt',
    './a',
    'base64://AAAA',
    'https:',
    'ftp://a.example/1',
    'javascript:alert(1)',
    'a.png',
  ]

  /** Everything in an element by which this or another adapter could find a file. */
  function namesIn(nodes: readonly Element[]): unknown[] {
    return nodes.flatMap(({ attrs, children }) => [
      attrs['src'],
      attrs['path'],
      attrs['qq:wav'],
      ...namesIn(children),
    ])
  }
  const isHarmless = (name: unknown): boolean =>
    name === undefined || (typeof name === 'string' && /^https?:\/\//.test(name))

  it.each(files)('never names a file of this machine: %s', (url) => {
    const attachments = ['image/png', 'voice', 'video/mp4', 'file'].map((content_type) => ({
      url,
      content_type,
      voice_wav_url: url,
    }))
    const ark_data = { fields: { preview: url, title: url, jump_url: url, path: url, src: url } }
    const rich = [{ image: { third_url: url } }, { video: { plat_video: { url } } }]
    const thread_info = { thread_id: 'T', content: JSON.stringify({ paragraphs: [{ elems: rich }] }) }
    const forum = { guild_id: '1', channel_id: '2', author_id: '3', thread_info }
    const messages: Dispatch[] = [
      { op: 0, t: 'C2C_MESSAGE_CREATE', d: { id: 'M', author: { id: openid }, attachments } },
      { op: 0, t: 'C2C_MESSAGE_CREATE', d: { id: 'M', author: { id: openid }, ark_data, attachments } },
      {
        op: 0,
        t: 'MESSAGE_CREATE',
        d: { id: 'M', author: { id: '7', avatar: url }, guild_id: '1', channel_id: '2', attachments },
      },
      { op: 0, t: 'FORUM_THREAD_CREATE', d: forum },
    ]
    for (const envelope of messages) {
      const { event, error } = decodeEvent({ ...envelope, id: 'X' }, context)
      expect(error).toBeUndefined()
      expect(event.message?.content.length).toBeGreaterThan(0)
      const names = namesIn(event.message?.content ?? [])
      // "a.png" reads as a host: an address on the web, and none of a file.
      expect(names.filter((name) => !isHarmless(name))).toEqual([])
      expect(event.user?.avatar ?? 'https://').toMatch(/^https:\/\//)
    }
  })

  it('keeps what the platform called a file where only this adapter looks', () => {
    const [file] = inC2C('', { attachments: [{ url: 'qq-file:77', content_type: 'image/png' }] })
    expect(file).toMatchObject({ type: 'image', attrs: { 'qq:file': 'qq-file:77' } })
    expect(file?.attrs['src']).toBeUndefined()
  })

  it('may lack the scheme of its address', () => {
    const urls = ['gchat.qpic.cn/a', '//gchat.qpic.cn/a', 'gchat.qpic.cn:443/a', 'HTTP://gchat.qpic.cn/a']
    const content = inC2C('', { attachments: urls.map((url) => ({ url, content_type: 'image/png' })) })
    expect(content.map(({ attrs }) => attrs['src'])).toEqual([
      'https://gchat.qpic.cn/a',
      'https://gchat.qpic.cn/a',
      'https://gchat.qpic.cn:443/a',
      'HTTP://gchat.qpic.cn/a',
    ])
  })
})

describe('the examples of the docs', () => {
  it('hold no text that looks like a tag once they are read', () => {
    const fixtures: { payload: Dispatch }[] = JSON.parse(
      readFileSync(new URL('../../test/fixtures/qq.events.json', import.meta.url), 'utf8'),
    )
    for (const { payload } of fixtures) {
      const content = JSON.stringify(decodeEvent(payload, context).event.message?.content ?? [])
      expect(content).not.toMatch(/<(@|#|emoji:|faceType|attachment)/)
    }
  })
})
