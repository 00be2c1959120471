import { type Element, element, plainText, segment, text } from '@mynah/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeText, type TextContext } from '../decode/content.ts'
import { commandTag, escapeGuildText, escapeMarkdown, unescapeText } from '../escape.ts'
import type { Scene } from '../target.ts'
import { encode, type EncodeContext, type SendRequest } from './encode.ts'
import { planRequests } from './plan.ts'
import { qq } from './qq-segment.ts'

const context = (scene: Scene): EncodeContext => ({
  scene,
  selfIds: { selfId: '102000001', botId: '13358091276640182277' },
  quoteIndex: (id) => (id === 'ROBOT1.0_known' ? 'REFIDX_known' : undefined),
})
const body = (scene: Scene, ...elements: Element[]): SendRequest['body'] =>
  encode(elements, context(scene)).body
const reader: TextContext = {
  selfId: 'self',
  isSelf: () => false,
  nameOf: () => undefined,
  hasEveryone: true,
}

describe('a request to a user or a group', () => {
  it('QQ-150 holds a text', () => {
    expect(body('c2c', text('hello'))).toEqual({ msg_type: 0, content: 'hello' })
  })

  it('QQ-151 holds Markdown without content, and its keyboard', () => {
    const keyboard = { id: '1070001' }
    expect(body('group', segment.markdown('# Title\n**bold**'), qq.keyboard(keyboard))).toEqual({
      msg_type: 2,
      markdown: { content: '# Title\n**bold**' },
      keyboard,
    })
  })

  it('QQ-152 QQ-241 holds media, and content only where there are words (pitfalls 24, 25)', () => {
    expect(encode([segment.image('https://example.invalid/a.png')], context('c2c'))).toEqual({
      kind: 'chat',
      body: { msg_type: 7 },
      media: { type: 1, src: 'https://example.invalid/a.png' },
    })
  })

  it.each([
    ['image', 1],
    ['video', 2],
    ['audio', 3],
    ['file', 4],
  ])('QQ-177 uploads %s as file_type %i, or as what the element asks for', (kind, type) => {
    const src = 'https://example.invalid/x'
    expect(encode([element(kind, { src })], context('group')).media?.type).toBe(type)
    expect(encode([element(kind, { src, 'qq:file-type': 4 })], context('group')).media?.type).toBe(4)
  })

  it('QQ-167 quotes by index, and leaves out what has none', () => {
    expect(body('c2c', segment.quote('ROBOT1.0_known'), text('yes'))).toMatchObject({
      message_reference: { message_id: 'REFIDX_known' },
    })
    expect(body('c2c', segment.quote('ROBOT1.0_other'), text('yes'))).toEqual({ msg_type: 0, content: 'yes' })
  })

  it('QQ-188 holds arks; an embed becomes its words', () => {
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

  it('QQ-219 is not escaped', () => {
    expect(body('group', text('a < b & c > d'))).toMatchObject({ content: 'a < b & c > d' })
  })

  it('QQ-221 mentions with the new tag in groups and by name in one-to-one chats', () => {
    expect(body('group', segment.at('MEMBER', 'amy'))).toMatchObject({
      content: '<qqbot-at-user id="MEMBER" />',
    })
    expect(body('c2c', segment.at('MEMBER', 'amy'))).toMatchObject({ content: '@amy' })
  })

  it('QQ-196 says what it cannot show', () => {
    expect(body('group', segment.atAll())).toMatchObject({ content: '@all' })
    expect(body('c2c', segment.channel('7', 'lobby'))).toMatchObject({ content: '#lobby' })
    expect(body('c2c', segment.emoji('13', 'smile'))).toMatchObject({ content: '[smile]' })
    expect(() => encode([], context('c2c'))).toThrow(/nothing to send/)
  })
})

describe('a request to a channel', () => {
  it('QQ-168 QQ-218 has neither msg_type nor msg_seq, and escapes its text', () => {
    expect(body('channel', text('<@!1> & co'))).toEqual({ content: '&lt;@!1&gt; &amp; co' })
  })

  it('QQ-167 QQ-220 QQ-221 quotes by message id, mentions, links and shows faces', () => {
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

  it('QQ-169 takes a picture by its address, or attaches it', () => {
    const far = segment.image('https://example.invalid/a.png')
    expect(encode([text('look'), far], context('channel'))).toEqual({
      kind: 'guild',
      body: { content: 'look', image: 'https://example.invalid/a.png' },
      media: undefined,
    })
    expect(encode([segment.image(Buffer.from('x'))], context('channel')).media?.type).toBe(1)
  })

  it('QQ-188 holds embeds', () => {
    const embed = { title: 'Title', fields: [{ name: 'one' }] }
    expect(body('dm', qq.embed(embed))).toEqual({ embed })
  })
})

describe('buttons', () => {
  const button = (id: number) => segment.button(String(id), `B${id}`)

  it('QQ-185 stand in rows of five, and tell always who may press them', () => {
    const sent = body('c2c', text('choose'), segment.buttons(...[1, 2, 3, 4, 5, 6].map(button)))
    const rows = 'keyboard' in sent ? (sent.keyboard?.content?.rows ?? []) : []
    expect(rows.map(({ buttons }) => buttons.length)).toEqual([5, 1])
    expect(rows[0]?.buttons[0]?.action).toMatchObject({ type: 1, data: '1', permission: { type: 2 } })
    const forOne = body('c2c', segment.button('a', 'A', { for: 'U1 U2' }))
    expect(JSON.stringify(forOne)).toContain('"permission":{"type":0,"specify_user_ids":["U1","U2"]}')
  })

  it('QQ-185 have short labels, and at most five rows', () => {
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
  it('QQ-186 keeps the size of a picture, width first', () => {
    const picture = segment.image('https://example.invalid/a.png', { width: 208, height: 320, title: 'cat' })
    expect(body('group', segment.markdown('see '), picture)).toMatchObject({
      markdown: { content: 'see ![cat #208px #320px](https://example.invalid/a.png)' },
    })
  })

  it('QQ-187 refuses template values that are empty or have line breaks', () => {
    const values = (value: string) => () =>
      qq.markdown({ custom_template_id: 't', params: [{ key: 'k', values: [value] }] })
    expect(values('')).toThrow(/empty/)
    expect(values('a\nb')).toThrow(/line break/)
    expect(body('c2c', values('fine')())).toMatchObject({
      msg_type: 2,
      markdown: { custom_template_id: 't' },
    })
  })

  it('QQ-222 shows words of users as they are, and lets them form no tag', () => {
    const sent = body('channel', text('<qqbot-at-everyone /> *x*'), segment.button('a', 'A'))
    expect(JSON.stringify(sent)).not.toContain('<qqbot-at-everyone')
    expect(escapeMarkdown('*x*')).toBe('\\*x\\*')
  })

  it('QQ-221 has commands to tap, encoded and cut at 100 characters', () => {
    expect(commandTag('/day 1', { show: 'Day 1' })).toBe(
      '<qqbot-cmd-input text="%2Fday%201" show="Day%201" reference="false" />',
    )
    expect(commandTag('x'.repeat(150), { enter: true })).toBe(`<qqbot-cmd-enter text="${'x'.repeat(100)}" />`)
  })
})

describe('any text', () => {
  it('QQ-218 survives a guild: escaping and unescaping undo each other', () => {
    fc.assert(fc.property(fc.string(), (value) => unescapeText(escapeGuildText(value)) === value))
  })

  it('QQ-218 QQ-220 that looks like a tag is text at the other end of a channel', () => {
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

  it('QQ-220 with mentions, channels and faces comes back as it was', () => {
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

  it('QQ-219 lets no tag form in a group, where nothing is escaped', () => {
    expect(body('group', text('<@AB> <qqbot-at-everyone />'))).toEqual({
      msg_type: 0,
      content: '<\u200B@AB> <\u200Bqqbot-at-everyone />',
    })
  })

  it('QQ-224 has plain spaces', () => {
    expect(decodeText('a\u00A0b', reader)).toEqual([text('a b')])
  })
})

describe('the plan of requests', () => {
  const image = segment.image('https://example.invalid/a.png')
  const plan = (parts: Element[][], room = Infinity, scene: Scene = 'c2c'): string[] =>
    planRequests(parts, scene, room).map((elements) =>
      elements.map((node) => (node.type === 'text' ? plainText([node]) : `<${node.type}>`)).join(''),
    )

  it('QQ-194 sends text and media in their order, one media a request', () => {
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

  it('QQ-194 joins texts first, then pictures with what stands beside them', () => {
    expect(plan([[text('a')], [text('b')], [text('c')]], 2)).toEqual(['a\nb', 'c'])
    expect(plan([[image, text('b')], [text('c')]], 1)).toEqual(['b\nc<image>'])
  })

  it('QQ-194 loses nothing when it cannot join', () => {
    expect(plan([[image, image, image]], 1)).toEqual(['<image>', '<image>', '<image>'])
  })

  it('keeps every word whatever the room', () => {
    const parts = fc.array(fc.array(fc.constantFrom<Element>(text('word '), image), { minLength: 1 }), {
      minLength: 1,
    })
    fc.assert(
      fc.property(parts, fc.integer({ min: 0, max: 6 }), (given, room) => {
        const planned = planRequests(given, 'group', room)
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

  it('degrades what a scene cannot show to words', () => {
    expect(plan([[segment.audio('https://example.invalid/v')]], Infinity, 'channel')).toEqual([
      '[audio] https://example.invalid/v',
    ])
  })
})
