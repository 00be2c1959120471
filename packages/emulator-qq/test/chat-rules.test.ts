import { TestClock } from '@mynah/core/testing'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { RawApi, appId, secret, type Answer, startedAt } from './raw-client.ts'
import { startQQEmulator, type JsonObject, type QQEmulator, type QQGroup, type QQUser } from '../src/index.ts'

const minuteMs = 60_000
let clock: TestClock
let emulator: QQEmulator
let api: RawApi
let alice: QQUser
let group: QQGroup

beforeEach(async () => {
  clock = new TestClock(startedAt)
  emulator = await startQQEmulator({ appId, secret, clock })
  onTestFinished(() => emulator.close())
  api = await RawApi.login(emulator)
  alice = emulator.user({ name: 'alice' })
  group = emulator.group()
})

const toAlice = (body: JsonObject): Promise<Answer> =>
  api.call('POST', `/v2/users/${alice.openid}/messages`, body)
const toGroup = (body: JsonObject): Promise<Answer> =>
  api.call('POST', `/v2/groups/${group.openid}/messages`, body)
const codes = async (answers: Promise<Answer>[]): Promise<unknown[]> =>
  (await Promise.all(answers)).map(({ body }) => body['err_code'] ?? 0)

describe('passive answers', () => {
  test('to a user work for 60 minutes and four times', async () => {
    const { id } = alice.c2c.say('hi')
    await clock.advance(60 * minuteMs)
    const reply = (seq: number): Promise<Answer> => toAlice({ content: 'x', msg_id: id, msg_seq: seq })
    for (const seq of [1, 2, 3, 4]) expect((await reply(seq)).status).toBe(200)
    expect((await reply(5)).body['code']).toBe(40034128)
    expect((await reply(4)).body['code']).toBe(40054005)
    await clock.advance(1)
    expect((await reply(6)).body['code']).toBe(40034005)
  })

  test('to a group work for 5 minutes and five times', async () => {
    const { id } = alice.in(group).say('hi')
    await clock.advance(5 * minuteMs)
    const reply = (seq: number): Promise<Answer> => toGroup({ content: 'x', msg_id: id, msg_seq: seq })
    for (const seq of [1, 2, 3, 4, 5]) expect((await reply(seq)).status).toBe(200)
    expect((await reply(6)).body['code']).toBe(40034128)
    await clock.advance(1)
    expect((await reply(7)).body['code']).toBe(40034005)
  })

  test('need a msg_seq of their own, 1 when it is absent', async () => {
    const { id } = alice.c2c.say('hi')
    expect((await toAlice({ content: 'x', msg_id: id })).status).toBe(200)
    const answers = [{}, { msg_seq: 1 }, { msg_seq: 0 }, { msg_seq: 4_294_967_296 }, { msg_seq: 'one' }].map(
      (seq) => toAlice({ content: 'x', msg_id: id, ...seq }),
    )
    expect(await codes(answers)).toEqual([40054005, 40054005, 40011000, 40011000, 10000])
    expect((await toAlice({ content: 'x', msg_id: id, msg_seq: 4_294_967_295 })).status).toBe(200)
  })

  test('that are refused for their content use up neither number nor budget', async () => {
    const { id } = alice.c2c.say('hi')
    for (const _ of [1, 2, 3, 4, 5]) await toAlice({ content: '', msg_id: id, msg_seq: 1 })
    expect((await toAlice({ content: 'x', msg_id: id, msg_seq: 1 })).status).toBe(200)
  })

  test('belong to their target', async () => {
    const bob = emulator.user()
    const ofBob = bob.c2c.say('hi')
    const ofGroup = alice.in(group).say('hi')
    const answers = [
      toAlice({ content: 'x', msg_id: ofBob.id }),
      toAlice({ content: 'x', msg_id: ofGroup.id }),
      toGroup({ content: 'x', msg_id: ofBob.id }),
      toAlice({ content: 'x', msg_id: 'nobody said this' }),
      toAlice({ content: 'x', msg_id: ofBob.id, event_id: 'y' }),
    ]
    expect(await codes(answers)).toEqual([40034024, 40034024, 40034024, 40034024, 10000])
  })

  test('to events go by the outer id of the kinds that allow it', async () => {
    const added = alice.addFriend()
    const said = alice.c2c.say('hi')
    const clicked = alice.c2c.click('ok', '1')
    const joined = group.addBot(alice)
    const answers = [
      toAlice({ content: 'x', event_id: added.id }),
      toAlice({ content: 'x', event_id: clicked.eventId }),
      toGroup({ content: 'x', event_id: joined.id }),
      toAlice({ content: 'x', event_id: said.eventIds[0] ?? '' }),
      toAlice({ content: 'x', event_id: clicked.id }),
      toAlice({ content: 'x', event_id: joined.id }),
    ]
    expect(await codes(answers)).toEqual([0, 0, 0, 40034027, 40034025, 40034027])
    await clock.advance(61 * minuteMs)
    expect((await toAlice({ content: 'x', event_id: added.id, msg_seq: 2 })).body['code']).toBe(40034026)
  })
})

describe('reachability', () => {
  test('of users ends with the friendship, of groups with the membership', async () => {
    const friendly = alice.c2c.say('hi')
    const grouped = alice.in(group).say('hi')
    alice.removeFriend()
    group.removeBot(alice)
    const answers = [
      toAlice({ content: 'x', msg_id: friendly.id }),
      toAlice({ content: 'x' }),
      toGroup({ content: 'x', msg_id: grouped.id }),
      toGroup({ content: 'x' }),
      api.call('POST', `/v2/groups/${alice.openid}/messages`, { content: 'x' }),
      api.call('POST', `/v2/users/${group.openid}/messages`, { content: 'x' }),
    ]
    expect(await codes(answers)).toEqual([40054004, 40054004, 40054003, 40034101, 40034101, 40054004])
    expect(alice.in(group).say('anybody?').eventIds).toEqual([])
  })

  test('of a group is gone while the bot is muted', async () => {
    group.muteBot(true)
    expect((await toGroup({ content: 'x' })).body['code']).toBe(40054002)
  })
})

describe('proactive messages', () => {
  test('stop when the user or the group turns them off', async () => {
    alice.rejectPush()
    group.rejectPush(alice)
    expect(await codes([toAlice({ content: 'x' }), toGroup({ content: 'x' })])).toEqual([40034105, 40034102])
    alice.allowPush()
    group.allowPush(alice)
    expect(await codes([toAlice({ content: 'x' }), toGroup({ content: 'x' })])).toEqual([0, 0])
  })

  test('to one user stop at 20 a minute, answers go on', async () => {
    for (let count = 0; count < 20; count += 1) {
      await clock.advance(200)
      expect((await toAlice({ content: 'x' })).status).toBe(200)
    }
    expect(await toAlice({ content: 'x' })).toMatchObject({ status: 429, body: { code: 40034100 } })
    const { id } = alice.c2c.say('hi')
    expect((await toAlice({ content: 'x', msg_id: id })).status).toBe(200)
    await clock.advance(minuteMs)
    expect((await toAlice({ content: 'x' })).status).toBe(200)
  })

  test.each([
    [true, 60],
    [false, 30],
  ])('to groups of a bot with certification %s stop at %i a minute', async (certified, most) => {
    emulator.grants.certified = certified
    const groups = Array.from({ length: 4 }, () => emulator.group())
    const send = (count: number): Promise<Answer> =>
      api.call('POST', `/v2/groups/${groups[count % 4]?.openid}/messages`, { content: 'x' })
    for (let count = 0; count < most; count += 1) expect((await send(count)).status).toBe(200)
    expect((await send(most)).body['code']).toBe(40034100)
  })

  test('that wake somebody up go once per period after they spoke', async () => {
    const start = clock.now()
    const wake = async (): Promise<Answer> => {
      api = await RawApi.login(emulator)
      return toAlice({ content: 'x', is_wakeup: true })
    }
    expect(await codes([wake()])).toEqual([40034123])
    const { id } = alice.c2c.say('hi')
    expect(await codes([toAlice({ content: 'x', is_wakeup: true, msg_id: id })])).toEqual([10000])
    const dayMs = 86_400_000
    const seen: unknown[] = []
    for (const days of [0, 0, 1, 2, 3, 7, 29, 30]) {
      await clock.advance(days * dayMs - (clock.now() - start))
      seen.push(...(await codes([wake()])))
    }
    expect(seen).toEqual([0, 40034122, 0, 40034122, 0, 0, 40034122, 40034123])
  })
})

const keyboard = (rows: number, columns: number, extra: JsonObject = {}): JsonObject => ({
  content: {
    rows: Array.from({ length: rows }, () => ({
      buttons: Array.from({ length: columns }, () => ({
        render_data: { label: 'ok' },
        action: { type: 1, permission: { type: 2 }, data: 'x' },
        ...extra,
      })),
    })),
  },
})

describe('content', () => {
  test.each<[string, JsonObject, number]>([
    ['no text', { msg_type: 0 }, 50006],
    ['blank text', { content: '  ' }, 50006],
    ['text that is a number', { content: 5 }, 10000],
    ['an unknown type', { msg_type: 9, content: 'x' }, 340069],
    ['an embed', { msg_type: 4, embed: { title: 'x' } }, 340069],
    ['markdown with text', { msg_type: 2, content: 'x', markdown: { content: 'y' } }, 50037],
    ['markdown of type text', { msg_type: 0, content: 'x', markdown: { content: 'y' } }, 22006],
    ['no markdown', { msg_type: 2 }, 22006],
    ['empty markdown', { msg_type: 2, markdown: {} }, 50006],
    [
      'native markdown and template',
      { msg_type: 2, markdown: { content: 'x', custom_template_id: '1' } },
      50057,
    ],
    [
      'a template value with a line break',
      { msg_type: 2, markdown: { custom_template_id: '1', params: [{ key: 'a', values: ['x\ny'] }] } },
      40034009,
    ],
    [
      'an empty template value',
      { msg_type: 2, markdown: { custom_template_id: '1', params: [{ key: 'a', values: [''] }] } },
      40034008,
    ],
    ['six rows', { msg_type: 2, markdown: { content: 'x' }, keyboard: keyboard(6, 1) }, 40034029],
    ['six columns', { msg_type: 2, markdown: { content: 'x' }, keyboard: keyboard(1, 6) }, 40034029],
    [
      'two buttons of one id',
      { msg_type: 2, markdown: { content: 'x' }, keyboard: keyboard(1, 2, { id: 'a' }) },
      305007,
    ],
    [
      'a button without permission',
      {
        msg_type: 2,
        markdown: { content: 'x' },
        keyboard: keyboard(1, 1, { action: { type: 1, data: 'x' } }),
      },
      305007,
    ],
    [
      'a long label',
      {
        msg_type: 2,
        markdown: { content: 'x' },
        keyboard: keyboard(1, 1, { render_data: { label: '12345678901' } }),
      },
      305007,
    ],
    ['a keyboard below text', { content: 'x', keyboard: keyboard(1, 1) }, 22006],
    ['media without file', { msg_type: 7 }, 22006],
    ['media of nobody', { msg_type: 7, media: { file_info: 'x' } }, 304080],
    ['typing without message', { msg_type: 6, input_notify: { input_type: 1 } }, 40034024],
    ['typing of another kind', { msg_type: 6, input_notify: { input_type: 7 } }, 50059],
    ['typing too long', { msg_type: 6, input_notify: { input_type: 1, input_second: 61 } }, 40011000],
    ['an ark without id', { msg_type: 3, ark: { kv: [] } }, 22006],
  ])('refuses %s', async (_, body, code) => {
    const answer = await toAlice(body)
    expect(answer.body).toMatchObject({
      code,
      err_code: code,
      trace_id: answer.headers.get('X-Tps-trace-ID'),
    })
    expect(emulator.messages).toEqual([])
  })

  test.each<[string, JsonObject, string]>([
    ['text', { content: 'x' }, 'x'],
    ['markdown with buttons', { msg_type: 2, markdown: { content: '# x' }, keyboard: keyboard(5, 5) }, '# x'],
    ['a keyboard template', { msg_type: 2, markdown: { content: 'x' }, keyboard: { id: '1070001' } }, 'x'],
    ['a template', { msg_type: 2, markdown: { custom_template_id: '7' } }, '[template 7]'],
    ['an ark', { msg_type: 3, ark: { template_id: 23, kv: [{ key: '#DESC#', value: 'x' }] } }, '[ark 23]'],
  ])('accepts %s', async (_, body, text) => {
    expect((await toAlice(body)).status).toBe(200)
    await alice.c2c.expectReply(text)
  })

  test.each(['see https://example.com/x', 'run.sh', 'read a.md first', 'EXAMPLE.ORG'])(
    'refuses %j in groups, but not in C2C',
    async (content) => {
      expect(await codes([toGroup({ content }), toAlice({ content })])).toEqual([40054010, 0])
    },
  )

  test.each(['3.14 is pi', 'end. start', 'e.g. this', 'v1.2.3'])(
    'takes %j for no address',
    async (content) => {
      expect((await toGroup({ content })).status).toBe(200)
    },
  )

  test('allows addresses on registered hosts', async () => {
    await using registered = await startQQEmulator({ appId, secret, allowedHosts: ['example.com'] })
    const registeredApi = await RawApi.login(registered)
    const send = (content: string): Promise<Answer> =>
      registeredApi.call('POST', `/v2/groups/${registered.group().openid}/messages`, { content })
    expect(await codes([send('https://docs.example.com/a'), send('https://badexample.com')])).toEqual([
      0, 40054010,
    ])
  })

  test('typing is seen as typing, not as a message', async () => {
    const { id } = alice.c2c.say('hi')
    await toAlice({ msg_type: 6, input_notify: { input_type: 1, input_second: 60 }, msg_id: id, msg_seq: 1 })
    expect(await alice.c2c.expectTyping()).toMatchObject({ kind: 'typing', replyTo: id })
    await alice.expectSilence(20)
    expect((await toGroup({ msg_type: 6, input_notify: { input_type: 1 } })).body['code']).toBe(340069)
  })

  test('a quote goes by the index; a message id there is dropped silently', async () => {
    const { id, quoteIndex } = alice.c2c.say('hi')
    const quote = (reference: string, seq: number): Promise<Answer> =>
      toAlice({ content: 'x', msg_id: id, msg_seq: seq, message_reference: { message_id: reference } })
    const first = await quote(quoteIndex, 1)
    expect(await alice.expectReply()).toMatchObject({ quoted: id })
    const { ref_idx: own } = Object(first.body['ext_info'])
    await quote(own, 2)
    expect(await alice.expectReply()).toMatchObject({ quoted: first.body['id'] })
    await quote(id, 3)
    expect(await alice.expectReply()).toMatchObject({ quoted: undefined })
  })

  test('a user can quote the bot', async () => {
    await toAlice({ content: 'wise words' })
    const message = await alice.expectReply()
    const said = alice.c2c.say('what do you mean?', { quote: message })
    expect(said.eventIds).toHaveLength(1)
  })
})

describe('after sending', () => {
  test('a message can be recalled for 2 minutes, once, in its place', async () => {
    const first = (await toAlice({ content: 'x' })).body['id']
    const second = (await toAlice({ content: 'y' })).body['id']
    const recall = (id: unknown, openid = alice.openid): Promise<Answer> =>
      api.call('DELETE', `/v2/users/${openid}/messages/${String(id)}`)
    expect(await recall(first)).toMatchObject({ status: 200, text: '' })
    expect(emulator.messages[0]?.recalled).toBe(true)
    expect(await codes([recall(first), recall('x'), recall(second, 'other')])).toEqual([
      40061001, 40061001, 40061001,
    ])
    await clock.advance(2 * minuteMs + 1)
    expect((await recall(second)).body['code']).toBe(40064004)
  })

  test('a held message arrives when the audit passes it', async () => {
    emulator.holdForAudit(2)
    const sent = await toAlice({ content: 'fine' })
    expect(sent).toMatchObject({ status: 200, body: { audit_id: expect.any(String) } })
    expect(sent.body['id']).toBeUndefined()
    await toAlice({ content: 'rude' })
    const [fine, rude] = [await emulator.nextAudit(), await emulator.nextAudit()]
    expect(fine.id).toBe(sent.body['audit_id'])
    rude.reject()
    await alice.expectSilence(20)
    fine.pass()
    await alice.expectReply('fine')
  })
})

describe('streams', () => {
  const frame = async (extra: JsonObject, gapMs = 500): Promise<Answer> => {
    await clock.advance(gapMs)
    return api.call('POST', `/v2/users/${alice.openid}/stream_messages`, {
      input_mode: 'append',
      input_state: 1,
      content_type: 'markdown',
      ...extra,
    })
  }

  test('grow frame by frame into one message and cost one answer', async () => {
    const { id: source } = alice.c2c.say('tell me')
    const first = await frame({ index: 0, content_raw: 'Once', msg_id: source, msg_seq: 3 })
    expect(first.body).toMatchObject({ id: expect.any(String), remain_msg_len: 9996 })
    const stream = { stream_msg_id: first.body['id'], msg_id: source, msg_seq: 3 }
    await frame({ index: 1, content_raw: ' upon', ...stream })
    await alice.expectSilence(20)
    await frame({
      index: 2,
      content_raw: 'Once upon a time',
      input_mode: 'replace',
      input_state: 10,
      ...stream,
    })
    expect(await alice.c2c.expectReply('Once upon a time')).toMatchObject({ kind: 'stream', replyTo: source })
    for (const seq of [4, 5, 6]) {
      expect((await toAlice({ content: 'x', msg_id: source, msg_seq: seq })).status).toBe(200)
    }
    expect((await toAlice({ content: 'x', msg_id: source, msg_seq: 7 })).body['code']).toBe(40034128)
  })

  test.each<[string, JsonObject, number]>([
    ['another index', { index: 5 }, 10000],
    ['another number', { msg_seq: 9 }, 10000],
    ['another beginning', { input_mode: 'replace', content_raw: 'Twice' }, 40007],
    ['an unknown stream', { stream_msg_id: 'x' }, 10000],
  ])('refuse %s', async (_, extra, code) => {
    const { id: source } = alice.c2c.say('tell me')
    const first = await frame({ index: 0, content_raw: 'Once', msg_id: source })
    const answer = await frame({
      index: 1,
      content_raw: '',
      stream_msg_id: first.body['id'],
      msg_id: source,
      ...extra,
    })
    expect(answer.body['code']).toBe(code)
  })

  test('refuse frames within 300 ms', async () => {
    const { id: source } = alice.c2c.say('tell me')
    const first = await frame({ index: 0, content_raw: 'Once', msg_id: source })
    const next = { index: 1, content_raw: 'x', stream_msg_id: first.body['id'], msg_id: source }
    const fast = await frame(next, 299)
    expect(fast).toMatchObject({ status: 429, body: { code: 50002 } })
  })
})

describe('interactions', () => {
  test('are acknowledged once with a code', async () => {
    const click = alice.in(group).click('ok', 'confirm:42')
    const acknowledge = (id: string, body: JsonObject): Promise<Answer> =>
      api.call('PUT', `/interactions/${id}`, body)
    await clock.advance(1500)
    expect(await acknowledge(click.id, { code: 0 })).toMatchObject({ status: 200, text: '' })
    expect(await click.expectAck()).toEqual({ code: 0, afterMs: 1500 })
    expect(await codes([acknowledge(click.id, { code: 6 }), acknowledge('x', { code: 0 })])).toEqual([
      630001, 630002,
    ])
  })
})

describe('share links', () => {
  test('carry up to 32 characters', async () => {
    const link = (data: string): Promise<Answer> =>
      api.call('POST', '/v2/generate_url_link', { callback_data: data })
    expect((await link('a'.repeat(32))).body).toEqual({ url_link: expect.stringContaining('a'.repeat(32)) })
    expect((await link('a'.repeat(33))).body['code']).toBe(10000)
  })
})
