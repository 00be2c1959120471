import { isRecord } from '@mynah/adapter-kit'
import { readFileSync } from 'node:fs'
import type { ChatEvent, Element } from '@mynah/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Dispatch } from '../wire/envelope.ts'
import { decodeEvent } from './decode.ts'

const context = { selfId: '102000001', botId: '13358091276640182277', receivedAt: 1_788_229_000_000 }
const fixtures: { name: string; payload: Dispatch }[] = JSON.parse(
  readFileSync(new URL('../../test/fixtures/qq.events.json', import.meta.url), 'utf8'),
)

/** Arrays in arrays, so deep that nothing recursive gets to the end. */
function nested(depth: number): unknown {
  let value: unknown = []
  for (let count = 0; count < depth; count += 1) value = [value]
  return value
}

const oddValues: unknown[] = [
  null,
  true,
  0,
  -1,
  1e300,
  '',
  ' ',
  'file:///etc/hostname',
  '\uD800',
  '__proto__',
  [],
  [null],
  [[]],
  ['x', 7, {}],
  {},
  { id: 7 },
  { toString: 1, length: 3 },
]
const deep = nested(200_000)

type Path = readonly (string | number)[]

/** Every place in a payload. */
function placesIn(value: unknown, path: Path = []): Path[] {
  const inside = Array.isArray(value) ? [...value.entries()] : isRecord(value) ? Object.entries(value) : []
  return [path, ...inside.flatMap(([key, child]) => placesIn(child, [...path, key]))]
}

/** The payload with another value in one place; `undefined` takes the place away. */
function withValue(value: unknown, path: Path, odd: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return odd
  if (Array.isArray(value)) {
    return value.map((child: unknown, index) => (index === key ? withValue(child, rest, odd) : child))
  }
  return isRecord(value) ? { ...value, [key]: withValue(value[key], rest, odd) } : value
}

const isId = (value: unknown): boolean => typeof value === 'string' && value !== ''
const isMaybe = (value: unknown, type: string): boolean => value === undefined || typeof value === type

const scalars: ReadonlySet<string> = new Set(['string', 'number', 'boolean', 'undefined'])

const areElements = (nodes: readonly Element[]): boolean =>
  nodes.every(({ type, attrs, children }) => {
    const isText = type !== 'text' || typeof attrs['content'] === 'string'
    const arePlain = Object.values(attrs).every((value) => scalars.has(typeof value))
    return (
      typeof type === 'string' && isText && arePlain && attrs['path'] === undefined && areElements(children)
    )
  })

/** Why an event is not what plugins may rely on. */
function faultsOf(event: ChatEvent): string[] {
  const { user, operator, member, message, guild, channel, emoji } = event
  const people = [user, operator, member?.user, message?.user].filter((person) => person !== undefined)
  const places = [guild, channel, message, emoji].filter((place) => place !== undefined)
  const checks = {
    id: isId(event.id) && isId(event.type),
    time: new Date(event.time).getTime() === event.time,
    people: people.every(
      ({ id, name, isBot }) => isId(id) && isMaybe(name, 'string') && isMaybe(isBot, 'boolean'),
    ),
    avatars: people.every(({ avatar = 'https://' }) => /^https?:\/\//i.test(avatar)),
    places: places.every(({ id }) => isId(id)),
    names: [guild?.name, channel?.name, event.comment, member?.nick].every((name) => isMaybe(name, 'string')),
    channel: !/undefined|null|object/.test(channel?.id ?? ''),
    roles: (member?.roleIds ?? []).every(isId),
    content: areElements(message?.content ?? []) && areElements(message?.quote?.content ?? []),
    promise:
      event.type !== 'message-created' || [user, channel, message].every((entity) => entity !== undefined),
  }
  return Object.entries(checks).flatMap(([name, isRight]) => (isRight ? [] : [name]))
}

describe('an event of the platform', () => {
  it('is read or goes out as it came, whatever stands in any one place of it', () => {
    const wrong: unknown[] = []
    for (const { name, payload } of fixtures) {
      for (const path of placesIn(payload.d)) {
        for (const odd of path.length > 1 ? [undefined, ...oddValues] : [undefined, deep, ...oddValues]) {
          const { event } = decodeEvent({ ...payload, d: withValue(payload.d, path, odd) }, context)
          const faults = faultsOf(event)
          if (faults.length > 0) wrong.push({ name, path, odd, faults })
        }
      }
    }
    expect(wrong).toEqual([])
  }, 60_000)

  it('is read or goes out as it came, whatever stands in many places of it', () => {
    const odd = fc.oneof(
      fc.constantFrom(...oddValues),
      fc.string(),
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom('<@all>', '<faceType=4,faceId="",ext="e30=">', '<attachmentIndex=0>', '&lt;&amp;'),
    )
    const changes = fc.array(fc.tuple(fc.nat(), odd), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(fc.constantFrom(...fixtures), changes, ({ payload }, list) => {
        let d = payload.d
        for (const [place, value] of list) {
          const places = placesIn(d)
          d = withValue(d, places[place % places.length] ?? [], value)
        }
        expect(faultsOf(decodeEvent({ ...payload, d }, context).event)).toEqual([])
      }),
      { numRuns: 1000 },
    )
  }, 60_000)

  it('has an id also where it has none, is no object, or nests too deep to be written', () => {
    for (const d of [...oddValues, deep, undefined]) {
      for (const t of ['C2C_MESSAGE_CREATE', 'SOMETHING_NEW', 'constructor', '__proto__']) {
        expect(faultsOf(decodeEvent({ op: 0, t, d }, context).event)).toEqual([])
      }
    }
  })

  it('keeps the name the platform gave it where an id is missing that its own name promises', () => {
    const author = { id: '', username: 'amy' }
    const d = { id: 'M', author, guild_id: '1', channel_id: '2', content: 'x' }
    const { event, error } = decodeEvent({ op: 0, id: 'X', t: 'MESSAGE_CREATE', d }, context)
    expect(event).toMatchObject({ type: 'qq/MESSAGE_CREATE', id: 'X', raw: d })
    expect(event.user).toBeUndefined()
    expect(String(error)).toContain('The user has no id')
  })
})
