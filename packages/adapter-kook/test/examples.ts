import { readFileSync } from 'node:fs'

import { type ChatEvent, render } from '@mynah/core'
import { expect } from 'vitest'

import type { DecodeOptions } from '../src/decode/envelope.ts'
import { decodeEvent } from '../src/decode/event.ts'
import type { KookEventData } from '../src/wire/events.ts'

/** A frame as the platform sent it. */
export interface Fixture {
  readonly name: string
  readonly seed: boolean
  readonly frame: { readonly s: 0; readonly d: KookEventData; readonly sn: number }
}

/** Reads a file of examples. */
export function load(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../src/decode/fixtures/${name}`, import.meta.url), 'utf8'))
}

export const fixtures = load('kook.events.json') as Fixture[]
/** What the examples were decoded with. */
export const options: DecodeOptions = { selfId: '2862900000', ignoreBots: true, ignoreNotices: true }

/** The frame of an example, with changes to its `d`. */
export function data(name: string, changes: object = {}): KookEventData {
  const fixture = fixtures.find((candidate) => candidate.name === name)
  if (fixture === undefined) throw new Error(`no example ${name}`)
  return { ...structuredClone(fixture.frame.d), ...changes }
}

/** The same with changes to its `extra`. */
export function withExtra(name: string, changes: object): KookEventData {
  const { extra } = data(name)
  return data(name, { extra: { ...extra, ...changes } })
}

/** The same with changes to the body of a system event. */
export function withBody(name: string, changes: object): KookEventData {
  const { extra } = data(name) as { extra: { body: object } }
  return withExtra(name, { body: { ...extra.body, ...changes } })
}

/** The one event that comes of it. */
export function one(from: KookEventData, changes: Partial<DecodeOptions> = {}): ChatEvent {
  const [event, ...more] = decodeEvent(from, { ...options, ...changes })
  expect(more).toEqual([])
  if (event === undefined) throw new Error('nothing came out')
  return event
}

/** An event without what all events of a test have in common, its content as text. */
export function compact({ raw: _raw, platform: _platform, selfId: _selfId, ...event }: ChatEvent): object {
  const { user: _author, channel: _channel, ...message } = event.message ?? {}
  const { user: _user, ...member } = event.member ?? {}
  const quote = event.message?.quote
  return JSON.parse(
    JSON.stringify({
      ...event,
      ...(event.member === undefined ? {} : { member }),
      ...(event.message === undefined
        ? {}
        : {
            message: {
              ...message,
              content: render(event.message.content),
              ...(quote === undefined ? {} : { quote: { ...quote, content: render(quote.content) } }),
            },
          }),
    }),
  )
}
