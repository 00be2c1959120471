import { isRecord } from '@mynah/adapter-kit'
import { readFileSync } from 'node:fs'

import type { ChatEvent } from '@mynah/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { KookEventData } from '../wire/events.ts'
import { decodeEvent } from './event.ts'

const frames: unknown = JSON.parse(
  readFileSync(new URL('./fixtures/kook.events.json', import.meta.url), 'utf8'),
)
const samples = (Array.isArray(frames) ? frames : []).flatMap((sample: unknown) => {
  const frame = isRecord(sample) ? sample['frame'] : undefined
  return isRecord(frame) && isRecord(frame['d']) ? [frame['d']] : []
})
const options = { selfId: '2862900000', ignoreBots: false, ignoreNotices: false }

/** Only what a frame is checked for before it is decoded is left as it is. */
const decode = (data: unknown): ChatEvent[] => decodeEvent(data as KookEventData, options)

/** Names of fields, also inside of cards, which are JSON in a text. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -1,
    1e300,
    '',
    'constructor',
    '__proto__',
    [],
    {},
    [null],
    [[]],
  ),
  fc.constantFrom<unknown>('[{"type":"card","modules":[{"type":"constructor"},{"type":"__proto__"}]}]'),
  fc.constantFrom<unknown>(
    '[{"theme":"invisible","modules":[{"type":"section","text":[]},null,{"type":"toString"}]}]',
  ),
  fc.jsonValue(),
)

/** Puts something else in the place of one of the fields, however deep. */
function mutate(value: unknown, pick: (most: number) => number, other: unknown): unknown {
  if (Array.isArray(value) && value.length > 0 && pick(4) > 0) {
    const at = pick(value.length - 1)
    return value.map((item: unknown, index) => (index === at ? mutate(item, pick, other) : item))
  }
  if (!isRecord(value) || Object.keys(value).length === 0) return other
  const names = Object.keys(value)
  const name = names[pick(names.length - 1)] ?? ''
  const replaced = pick(3) === 0 ? other : mutate(value[name], pick, other)
  return { ...value, [name]: replaced }
}

describe('whatever the platform sends', () => {
  it('becomes events that are as they should be, and nothing is thrown', () => {
    const place = fc.infiniteStream(fc.nat())
    fc.assert(
      fc.property(fc.constantFrom(...samples), place, odd, odd, (sample, numbers, first, second) => {
        const pick = (most: number): number => Number(numbers.next().value) % (most + 1)
        const once = mutate(sample, pick, first)
        const twice = mutate(once, pick, second)
        const checked = isRecord(twice) ? twice : {}
        const data = { ...checked, type: sample['type'], msg_id: 'm' }
        const events = decode(data)
        expect(decode(data)).toEqual(events)
        for (const event of events) expectWellFormed(event)
      }),
      { numRuns: 3000 },
    )
  })

  it.each([255, 1, 9, 10, 12, 99])(
    'a frame of type %i without anything is an event with its payload',
    (type) => {
      const [event] = decode({ type, msg_id: 'm' })
      expect(event?.type).toMatch(/^kook\//)
      expect(event?.raw).toEqual({ type, msg_id: 'm' })
    },
  )

  it('a card that is nested without end is an event with its payload', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
    const content = `[{"type":"card","modules":[{"type":"mystery","x":${deep}}]}]`
    const [event] = decode({ ...samples[0], type: 10, content })
    expect(event?.platformType).toBe('kook/message.card')
  })

  it('a user without an id, or roles that are no list, takes no event along', () => {
    const [first] = samples
    const extra = isRecord(first?.['extra']) ? first['extra'] : {}
    const author = { id: { a: 1 }, username: 7, nickname: ['x'], roles: 'all', bot: 1 }
    const [event] = decode({ ...first, extra: { ...extra, author } })
    expect(event).toMatchObject({ type: 'message-created', user: { id: first?.['author_id'], isBot: true } })
    expect(event?.user?.name).toBeUndefined()
    expect(event?.member?.roleIds).toBeUndefined()
  })
})

function expectWellFormed(event: ChatEvent): void {
  const { user, operator, guild, channel, member, message, emoji, role, button } = event
  expect(typeof event.type).toBe('string')
  expect(Number.isFinite(event.time)).toBe(true)
  const named = [user, operator, guild, channel, member?.user, message, message?.user, emoji, role, button]
  const words = named.flatMap((one) => (one === undefined ? [] : wordsOf(one)))
  expect(words.concat(member?.roleIds ?? []).filter((word) => typeof word !== 'string')).toEqual([])
  expect(Array.isArray(message?.content ?? [])).toBe(true)
  expectAddresses(message?.content)
  expectAddresses(message?.quote?.content)
}

/** What has to be text: ids, and names where there are any. */
function wordsOf(one: { readonly id: string }): unknown[] {
  const { id, name = '', nick = '' }: { id: unknown; name?: unknown; nick?: unknown } = one
  return [id, name, nick]
}

/** Media are on the web, and nothing names a file of this machine. */
function expectAddresses(value: unknown): void {
  if (Array.isArray(value)) value.forEach(expectAddresses)
  if (!isRecord(value) || !isRecord(value['attrs'])) return
  const { src, path } = value['attrs']
  if (src !== undefined) expect(src).toMatch(/^https?:\/\//i)
  expect(path).toBeUndefined()
  for (const attribute of Object.values(value['attrs'])) {
    expect(['string', 'number', 'boolean']).toContain(typeof attribute)
  }
  expectAddresses(value['children'])
}
