import { type Element, element, file, plainText, segment, split, text, toElements } from '@mynah/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeText, type TextContext } from '../decode/text-tags.ts'
import { commandTag, escapeGuildText, escapeMarkdown, unescapeText } from './escape.ts'
import type { TargetKind } from './target.ts'
import { encode, type EncodeContext, type SendRequest } from './encode.ts'
import { fillPath } from '../http.ts'
import { planMessages } from '../send/plan.ts'
import { maxTextLength } from './support.ts'
import { qq } from './qq-segment.ts'

const context = (kind: TargetKind): EncodeContext => ({
  kind,
  selfIds: { selfId: '102000001', botId: '13358091276640182277' },
  quoteIndex: (id) => (id === 'ROBOT1.0_known' ? 'REFIDX_known' : undefined),
})
const body = (kind: TargetKind, ...elements: Element[]): SendRequest['body'] =>
  encode(elements, context(kind)).body
const reader: TextContext = {
  selfId: 'self',
  isSelf: () => false,
  isEveryone: () => false,
  nameOf: () => undefined,
  hasEveryone: true,
}

describe('a request to a user or a group', () => {
  it('holds a text', () => {
    expect(body('c2c', text('hello'))).toEqual({ msg_type: 0, content: 'hello' })
  })

  it('holds Markdown without content, and its keyboard', () => {
    const keyboard = { id: '1070001' }
    expect(body('group', segment.markdown('# Title\n**bold**'), qq.keyboard(keyboard))).toEqual({
      msg_type: 2,
      markdown: { content: '# Title\n**bold**' },
      keyboard,
    })
  })

  it('holds media, and content only where there are words', () => {
    expect(encode([segment.image('https://example.invalid/a.png')], context('c2c'))).toEqual({
      kind: 'chat',
      body: { msg_type: 7 },
      media: { type: 1, source: { address: 'https://example.invalid/a.png' } },
    })
  })

  it.each([
    ['image', 1],
    ['video', 2],
    ['audio', 3],
    ['file', 4],
  ])('uploads %s as file_type %i, or as what the element asks for', (kind, type) => {
    const src = 'https://example.invalid/x'
    expect(encode([element(kind, { src })], context('group')).media?.type).toBe(type)
    expect(encode([element(kind, { src, 'qq:file-type': 4 })], context('group')).media?.type).toBe(4)
  })

  it('quotes by index, and leaves out what has none', () => {
    expect(body('c2c', segment.quote('ROBOT1.0_known'), text('yes'))).toMatchObject({
      message_reference: { message_id: 'REFIDX_known' },
    })
    expect(body('c2c', segment.quote('ROBOT1.0_other'), text('yes'))).toEqual({ msg_type: 0, content: 'yes' })
  })

  it('holds arks; an embed becomes its words', () => {
    const list = qq.arkList('Books', 'Read', [
      { text: 'One', link: 'https://example.invalid/1' },
      { text: 'Two' },
    ])
    expect(body('group', qq.ark(list))).toEqual({ msg_type: 3, ark: list })
    expect(list.kv.map(({ key }) => key)).toEqual(['#DESC#', '#PROMPT#', '#LIST#'])
    const thumbnail = qq.arkThumbnail({
      description: 'd',
      prompt: 'p',
      title: 't',
      details: 'm',
      image: 'i',
      link: 'l',
      subtitle: 's',
    })
    expect(thumbnail).toMatchObject({ template_id: 24 })
    expect(thumbnail.kv.map(({ key }) => key)).toEqual([
      '#DESC#',
      '#PROMPT#',
      '#TITLE#',
      '#METADESC#',
      '#IMG#',
      '#LINK#',
      '#SUBTITLE#',
    ])
    const picture = qq.arkPicture({ prompt: 'p', title: 't', subtitle: 's', cover: 'c', link: 'l' })
    expect(picture.kv.map(({ key }) => key)).toEqual([
      '#PROMPT#',
      '#METATITLE#',
      '#METASUBTITLE#',
      '#METACOVER#',
      '#METAURL#',
    ])
    expect(body('c2c', qq.embed({ title: 'Title', fields: [{ name: 'one' }] }))).toEqual({
      msg_type: 0,
      content: 'Title\none',
    })
  })

  it('is not escaped', () => {
    expect(body('group', text('a < b & c > d'))).toMatchObject({ content: 'a < b & c > d' })
  })

  it('mentions with the new tag in groups and by name in one-to-one chats', () => {
    expect(body('group', segment.at('C60A4F8E1D7B4932B8F5E2A90D31C674', 'amy'))).toMatchObject({
      content: '<qqbot-at-user id="C60A4F8E1D7B4932B8F5E2A90D31C674" />',
    })
    expect(body('c2c', segment.at('C60A4F8E1D7B4932B8F5E2A90D31C674', 'amy'))).toMatchObject({
      content: '@amy',
    })
  })

  it('says what it cannot show', () => {
    expect(body('group', segment.atAll())).toMatchObject({ content: '@all' })
    expect(body('c2c', segment.channel('7', 'lobby'))).toMatchObject({ content: '#lobby' })
    expect(body('c2c', segment.emoji('13', 'smile'))).toMatchObject({ content: '[smile]' })
    expect(() => encode([], context('c2c'))).toThrow(/nothing to send/)
  })
})

describe('a request to a channel', () => {
  it('has neither msg_type nor msg_seq, and escapes its text', () => {
    expect(body('channel', text('<@!1> & co'))).toEqual({ content: '&lt;@!1&gt; &amp; co' })
  })

  it('quotes by message id, mentions, links and shows faces', () => {
    const content = [
      segment.quote('08d3'),
      segment.at('102000001'),
      segment.atAll(),
      segment.channel('7304519'),
      segment.emoji('4'),
    ]
    expect(body('channel', ...content)).toEqual({
      content: '<qqbot-at-user id="13358091276640182277" /><qqbot-at-everyone /><#7304519><emoji:4>',
      message_reference: { message_id: '08d3' },
    })
  })

  it('takes a picture by its address, or attaches it', () => {
    const far = segment.image('https://example.invalid/a.png')
    expect(encode([text('look'), far], context('channel'))).toEqual({
      kind: 'guild',
      body: { content: 'look', image: 'https://example.invalid/a.png' },
      media: undefined,
    })
    expect(encode([segment.image(Buffer.from('x'))], context('channel')).media?.type).toBe(1)
  })

  it('holds embeds', () => {
    const embed = { title: 'Title', fields: [{ name: 'one' }] }
    expect(body('dm', qq.embed(embed))).toEqual({ embed })
  })
})

describe('buttons', () => {
  const button = (id: number) => segment.button(String(id), `B${id}`)

  it('stand in rows of five, and tell always who may press them', () => {
    const sent = body('c2c', text('choose'), segment.buttons(...[1, 2, 3, 4, 5, 6].map(button)))
    const rows = 'keyboard' in sent ? (sent.keyboard?.content?.rows ?? []) : []
    expect(rows.map(({ buttons }) => buttons.length)).toEqual([5, 1])
    expect(rows[0]?.buttons[0]?.action).toMatchObject({ type: 1, data: '1', permission: { type: 2 } })
    const forOne = body('c2c', segment.button('a', 'A', { for: 'U1 U2' }))
    expect(JSON.stringify(forOne)).toContain('"permission":{"type":0,"specify_user_ids":["U1","U2"]}')
  })

  it('have short labels, and at most five rows', () => {
    expect(JSON.stringify(body('c2c', segment.button('a', 'A very long label')))).toContain('"A very lo…"')
    expect(() => body('c2c', segment.buttons(...Array.from({ length: 26 }, (_, id) => button(id))))).toThrow(
      /6 rows/,
    )
    const long = { render_data: { label: '12345678901', visited_label: '', style: 0 } }
    const action = { type: 1, permission: { type: 2 }, unsupport_tips: '' }
    expect(() => qq.keyboard({ content: { rows: [{ buttons: [{ ...long, action }] }] } })).toThrow(
      /10 characters/,
    )
  })

  it('open pages and type commands', () => {
    const sent = JSON.stringify(
      body(
        'group',
        segment.linkButton('https://example.invalid', 'go'),
        element('button', { type: 'input', text: '/help' }),
      ),
    )
    expect(sent).toContain('"type":0,"permission":{"type":2},"data":"https://example.invalid"')
    expect(sent).toContain('"type":2,"permission":{"type":2},"data":"/help"')
  })
})

describe('Markdown', () => {
  it('keeps the size of a picture, width first', () => {
    const picture = segment.image('https://example.invalid/a.png', { width: 208, height: 320, title: 'cat' })
    expect(body('group', segment.markdown('see '), picture)).toMatchObject({
      markdown: { content: 'see ![cat #208px #320px](https://example.invalid/a.png)' },
    })
  })

  it('refuses template values that are empty or have line breaks', () => {
    const values = (value: string) => () =>
      qq.markdown({ custom_template_id: 't', params: [{ key: 'k', values: [value] }] })
    expect(values('')).toThrow(/empty/)
    expect(values('a\nb')).toThrow(/line break/)
    expect(body('c2c', values('fine')())).toMatchObject({
      msg_type: 2,
      markdown: { custom_template_id: 't' },
    })
  })

  it('shows words of users as they are, and lets them form no tag', () => {
    const sent = body('channel', text('<qqbot-at-everyone /> *x*'), segment.button('a', 'A'))
    expect(JSON.stringify(sent)).not.toContain('<qqbot-at-everyone')
    expect(escapeMarkdown('*x*')).toBe('\\*x\\*')
  })

  it('has commands to tap, encoded and cut at 100 characters', () => {
    expect(commandTag('/day 1', { show: 'Day 1' })).toBe(
      '<qqbot-cmd-input text="%2Fday%201" show="Day%201" reference="false" />',
    )
    expect(commandTag('x'.repeat(150), { enter: true })).toBe(`<qqbot-cmd-enter text="${'x'.repeat(100)}" />`)
  })
})

describe('any text', () => {
  it('survives a guild: escaping and unescaping undo each other', () => {
    fc.assert(fc.property(fc.string(), (value) => unescapeText(escapeGuildText(value)) === value))
  })

  it('that looks like a tag is text at the other end of a channel', () => {
    const parts = fc.constantFrom(
      '<@!1>',
      '<#2>',
      '<emoji:4>',
      '&lt;',
      '&amp;',
      '<qqbot-at-user id="x" />',
      'a',
      ' ',
    )
    fc.assert(
      fc.property(fc.array(parts, { minLength: 1 }), (list) => {
        const value = list.join('')
        if (value.trim() === '') return
        const sent = body('channel', text(value))
        expect(decodeText('content' in sent ? (sent.content ?? '') : '', reader)).toEqual([text(value)])
      }),
    )
  })

  it('with mentions, channels and faces comes back as it was', () => {
    const nodes = fc.oneof(
      fc
        .string({ minLength: 1 })
        .filter((value) => !value.includes('@everyone') && !value.includes('\u00A0'))
        .map((value) => text(value)),
      fc.stringMatching(/^[1-9]\d{5,18}$/).map((id) => segment.at(id)),
      fc.stringMatching(/^[1-9]\d{5,18}$/).map((id) => segment.channel(id)),
      fc.stringMatching(/^[1-9]\d{0,2}$/).map((id) => segment.emoji(id)),
    )
    fc.assert(
      fc.property(fc.array(nodes, { minLength: 1 }), (list) => {
        const content: Element[] = [segment.at('1'), ...list]
        const sent = body('channel', ...content)
        const back = decodeText('content' in sent ? (sent.content ?? '') : '', reader)
        const joined = content.reduce<Element[]>((all, node) => {
          const last = all.at(-1)
          if (node.type === 'text' && last?.type === 'text') {
            return [...all.slice(0, -1), text(plainText([last, node]))]
          }
          return [...all, node]
        }, [])
        expect(back).toEqual(joined)
      }),
    )
  })

  it('lets no tag form in a group, where nothing is escaped', () => {
    expect(body('group', text('<@AB> <qqbot-at-everyone />'))).toEqual({
      msg_type: 0,
      content: '<\u200B@AB> <\u200Bqqbot-at-everyone />',
    })
  })

  it('has plain spaces', () => {
    expect(decodeText('a\u00A0b', reader)).toEqual([text('a b')])
  })
})

describe('a mention of everybody', () => {
  const everyone = /@everyone|<qqbot-at-everyone/i
  const written = (kind: TargetKind, ...elements: Element[]): string =>
    JSON.stringify(body(kind, ...elements))

  it('is made in channels by its own element', () => {
    expect(body('channel', segment.atAll(), text(' hi'))).toEqual({ content: '<qqbot-at-everyone /> hi' })
    expect(written('channel', segment.atAll(), segment.markdown('# hi'))).toContain('<qqbot-at-everyone />')
  })

  it.each(['channel', 'dm', 'group', 'c2c'] as const)('is never made by words in a %s', (kind) => {
    const words = ['free coffee @everyone', '@EVERYONE', '<qqbot-at-everyone />', '<qqbot-at-everyone/>']
    for (const content of words) {
      const shown = kind === 'channel' || kind === 'dm' ? everyone : /<qqbot-at-everyone/i
      expect(written(kind, text(content))).not.toMatch(shown)
      expect(written(kind, segment.markdown(content))).not.toMatch(shown)
      expect(written(kind, text('a'), segment.markdown('b'), text(content))).not.toMatch(shown)
      const template = { custom_template_id: '1', params: [{ key: 'a', values: [content] }] }
      expect(written(kind, qq.markdown(template))).not.toMatch(shown)
      const picture = { title: content, width: 1, height: 1 }
      const image = segment.image('https://a.example/1.png', picture)
      expect(written(kind, segment.markdown('x'), image)).not.toMatch(/<qqbot-at-everyone/i)
    }
  })

  it('is not made by pieces that become one only together', () => {
    expect(written('channel', text('@'), segment.emoji('everyone'))).not.toMatch(everyone)
    expect(written('channel', segment.markdown('@'), segment.markdown('everyone'))).not.toMatch(everyone)
    expect(written('channel', segment.markdown('<'), segment.markdown('qqbot-at-everyone />'))).not.toMatch(
      everyone,
    )
    expect(written('group', text('<'), segment.emoji('@AB1>'))).not.toContain('<@AB1>')
    expect(written('channel', segment.at('x', 'everyone'))).not.toMatch(everyone)
  })

  it('reads the same as it was written', () => {
    expect(body('channel', text('free coffee @everyone'))).toEqual({ content: 'free coffee @\u200Beveryone' })
  })
})

describe('an id that somebody typed', () => {
  const odd = [
    'all',
    'everyone',
    'here',
    '"/><qqbot-at-everyone ',
    '1" />',
    '12 3',
    '../1',
    '',
    '1'.repeat(65),
  ]

  it.each(odd)('mentions nobody when it is none: %j', (id) => {
    for (const kind of ['channel', 'dm', 'group', 'c2c'] as const) {
      const sent = JSON.stringify(body(kind, text('x'), segment.at(id), segment.channel(id)))
      expect(sent).not.toMatch(/<(qqbot|[@#])/)
    }
  })

  it('makes no face when it is none', () => {
    for (const id of ['1>', '<@!1>', '-1', '1'.repeat(30)]) {
      expect(JSON.stringify(body('channel', text('x'), segment.emoji(id)))).not.toContain('<')
    }
  })

  it('mentions users of a guild by their numbers alone', () => {
    expect(JSON.stringify(body('channel', segment.at('C60A4F8E', 'amy')))).toContain('@amy')
    expect(JSON.stringify(body('group', segment.at('C60A4F8E', 'amy')))).toContain('qqbot-at-user')
  })

  it('leads to no other call', () => {
    for (const id of ['.', '..']) {
      expect(() => fillPath('/channels/{channel_id}/messages', { channel_id: id })).toThrow(
        /is no channel_id/,
      )
    }
  })
})

describe('media of a message', () => {
  it.each(['file:///etc/hostname', '/etc/hostname', 'FILE:\\proc\\self\\environ', 'base64://AAAA', ''])(
    'is refused where its src is %j',
    (src) => {
      for (const kind of ['channel', 'group'] as const) {
        const refused = { code: 'MEDIA_REFUSED', message: expect.stringContaining('file(path)') }
        expect(() => encode([element('image', { src })], context(kind))).toThrow(
          expect.objectContaining(refused),
        )
      }
    },
  )

  it('goes back to the platform as it came from there', () => {
    const node = element('image', { 'qq:file': 'qq-file:77' })
    expect(encode([node], context('group')).media?.source).toEqual({ address: 'qq-file:77' })
  })

  it('is read from this machine only where a plugin named a file', () => {
    const node = segment.image(file('/tmp/a.png'))
    expect(encode([node], context('c2c')).media?.source).toEqual({ path: '/tmp/a.png' })
    expect(encode([node], context('channel')).media?.source).toEqual({ path: '/tmp/a.png' })
  })
})

describe('the plan of requests', () => {
  const image = segment.image('https://example.invalid/a.png')
  const plan = (parts: Element[][], room = Infinity, kind: TargetKind = 'c2c'): string[] =>
    planMessages(parts, kind, room).map((elements) =>
      elements.map((node) => (node.type === 'text' ? plainText([node]) : `<${node.type}>`)).join(''),
    )

  it('sends text and media in their order, one media a request', () => {
    expect(plan([[text('a'), image, text('b'), image, image, text('c')]])).toEqual([
      'a<image>',
      'b<image>',
      '<image>',
      'c',
    ])
    expect(plan([[text('a'), segment.file('https://example.invalid/f'), text('b')]])).toEqual([
      'a',
      '<file>',
      'b',
    ])
  })

  it('joins texts first, then pictures with what stands beside them', () => {
    expect(plan([[text('a')], [text('b')], [text('c')]], 2)).toEqual(['a\nb', 'c'])
    expect(plan([[image, text('b')], [text('c')]], 1)).toEqual(['b\nc<image>'])
  })

  it('loses nothing when it cannot join', () => {
    expect(plan([[image, image, image]], 1)).toEqual(['<image>', '<image>', '<image>'])
  })

  it('keeps every word whatever the room', () => {
    const parts = fc.array(fc.array(fc.constantFrom<Element>(text('word '), image), { minLength: 1 }), {
      minLength: 1,
    })
    fc.assert(
      fc.property(parts, fc.integer({ min: 0, max: 6 }), (given, room) => {
        const planned = planMessages(given, 'group', room)
        const count = (lists: readonly (readonly Element[])[], kind: string): number =>
          lists
            .flat()
            .reduce(
              (sum, node) =>
                sum +
                (kind === 'image'
                  ? Number(node.type === 'image')
                  : plainText([node]).split('word').length - 1),
              0,
            )
        expect(count(planned, 'image')).toBe(count(given, 'image'))
        expect(count(planned, 'text')).toBe(count(given, 'text'))
        for (const elements of planned)
          expect(elements.filter(({ type }) => type === 'image').length).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('loses nothing of a long text without blanks, and breaks no word', () => {
    const long = 'x'.repeat(12_000)
    const planned = planMessages(split([text(long)], maxTextLength), 'group', 5, true)
    expect(planned.length).toBeLessThanOrEqual(5)
    expect(planned.map((elements) => plainText(elements)).join('')).toBe(long)
  })

  it('puts a text that was cut together again as it was, also around pictures', () => {
    const words = fc.stringMatching(/^[a-z][a-z \n]{0,40}$/).map((word) => text(word.repeat(60)))
    const nodes = fc.array(fc.oneof(words, fc.constant<Element>(image)), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(nodes, fc.integer({ min: 1, max: 4 }), (list, room) => {
        const given = toElements(list)
        const planned = planMessages(split(given, maxTextLength), 'group', room, true)
        const letters = (all: readonly Element[]): string => plainText(all).replaceAll(/\s/g, '')
        expect(letters(planned.flat())).toBe(letters(given))
        const isText = given.every(({ type }) => type === 'text')
        expect(isText ? plainText(planned.flat()) : '').toBe(isText ? plainText(given) : '')
      }),
      { numRuns: 50 },
    )
  })

  it('keeps messages of their own apart by a line, however long they are', () => {
    expect(plan([[text('a'.repeat(1500))], [text('b')]], 1)).toEqual([`${'a'.repeat(1500)}\nb`])
  })

  it('degrades what a place cannot show to words', () => {
    expect(plan([[segment.audio('https://example.invalid/v')]], Infinity, 'channel')).toEqual([
      '[audio] https://example.invalid/v',
    ])
  })
})
