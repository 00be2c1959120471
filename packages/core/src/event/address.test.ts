import { describe, expect, it } from 'vitest'

import { element, type Element, text, toElements } from '../message/element.ts'
import type { ChannelType, Message } from '../model/resources.ts'
import { type Address, readAddress } from './address.ts'

const bot = element('at', { id: 'bot', name: 'Bot' })
const ann = element('at', { id: 'ann' })
const image = element('image', { src: 'https://x/y.png' })
const addressing = { prefixes: ['/'], nicknames: ['mynah'] }

const ofBot: Message = { id: '7', content: [], user: { id: 'bot' } }
const ofAnn: Message = { id: '8', content: [], user: { id: 'ann' } }
const ofSomebody: Message = { id: '9', content: [] }

function addressOf(
  content: readonly Element[],
  {
    quote,
    type = 'text',
    prefixes = ['/'],
  }: { quote?: Message; type?: ChannelType; prefixes?: string[] } = {},
): Address {
  const message = quote === undefined ? { id: '1', content } : { id: '1', content, quote }
  const event = { selfId: 'bot', channel: { id: 'c', type }, message }
  return readAddress(event, { ...addressing, prefixes }, (id) => id === '10')
}

describe('a message is for the bot', () => {
  it.each<[string, readonly Element[], Address['by'], readonly Element[]]>([
    ['a mention in front', [bot, text(' hello')], 'mention', [text('hello')]],
    ['a mention and a prefix', [bot, text(' /hello')], 'mention', [text('hello')]],
    [
      'a mention somewhere else',
      [text('hello '), bot, text(' you')],
      'mention',
      [text('hello '), bot, text(' you')],
    ],
    ['its name', [text('Mynah, hello')], 'name', [text('hello')]],
    ['its name and a prefix', [text('mynah /hello')], 'name', [text('hello')]],
    ['a prefix', [text('/hello')], 'prefix', [text('hello')]],
    ['a prefix behind a picture', [image, text(' /hello')], 'prefix', [image, text('hello')]],
    ['nothing', [text('hello')], undefined, [text('hello')]],
    [
      'a mention of everybody',
      [element('at', { type: 'all' }), text(' hello')],
      undefined,
      [element('at', { type: 'all' }), text(' hello')],
    ],
    ['a mention of somebody else', [ann, text(' /hello')], undefined, [ann, text(' /hello')]],
  ])('by %s', (_, content, by, written) => {
    expect(addressOf(content)).toMatchObject({ by, written })
  })

  it('by a reply to one of its messages, whether the platform tells the author or somebody remembers', () => {
    expect(addressOf([text('hello')], { quote: ofBot }).by).toBe('reply')
    expect(addressOf([text('hello')], { quote: { id: '10', content: [] } }).by).toBe('reply')
    expect(addressOf([text('hello')], { quote: ofAnn }).by).toBeUndefined()
    expect(addressOf([text('hello')], { quote: ofSomebody }).by).toBeUndefined()
  })

  it('in a direct chat', () => {
    expect(addressOf([text('hello')], { type: 'direct' })).toMatchObject({ by: 'direct', isExplicit: false })
    expect(addressOf([image], { type: 'direct' })).toMatchObject({ by: 'direct', isLine: false })
  })

  it('not by an empty prefix, which makes it a command line all the same', () => {
    expect(addressOf([text('hello')], { prefixes: [''] })).toMatchObject({ by: undefined, isLine: true })
  })
})

describe('a command line', () => {
  it('does not begin with the mention that clients add to a reply', () => {
    const command = { by: 'prefix', isLine: true, line: [text('hello')] }
    expect(addressOf([ann, text(' /hello')], { quote: ofAnn })).toMatchObject(command)
    expect(addressOf([ann, text(' /hello')], { quote: ofSomebody })).toMatchObject(command)
    expect(addressOf([text('/hello')], { quote: ofSomebody })).toMatchObject(command)
    expect(addressOf([bot, text(' hello')], { quote: ofBot })).toMatchObject({ by: 'mention', isLine: true })
  })

  it('is not made of a mention behind a quote of nobody knows whom', () => {
    const hello = [ann, text(' hello')]
    expect(addressOf(hello, { quote: ofSomebody })).toMatchObject({ by: undefined, line: hello })
    expect(addressOf(hello, { quote: ofAnn }).line).toEqual([text('hello')])
  })

  it('has a mention behind a quote of the bot, which clients would not have put there', () => {
    const remembered = addressOf([ann, text(' /hello')], { quote: { id: '10', content: [] } })
    const told = addressOf([ann, text(' /hello')], { quote: ofBot })
    expect(remembered).toEqual(told)
    expect(told).toMatchObject({ by: 'reply', isLine: false, behindMention: undefined })
  })

  it('tells what follows a mention that may be of who wrote what is quoted', () => {
    const words = [text('hello')]
    expect(addressOf([ann, text(' hello')], { quote: ofSomebody }).behindMention).toEqual(words)
    expect(addressOf([bot, ann, text(' hello')], { quote: ofSomebody }).behindMention).toEqual(words)
    expect(addressOf([ann, ann, text(' hello')], { quote: ofSomebody }).behindMention?.[0]).toBe(ann)
    for (const quote of [undefined, ofAnn, ofBot]) {
      expect(addressOf([ann, text(' hello')], { ...(quote && { quote }) }).behindMention).toBeUndefined()
    }
    expect(addressOf([text('hello')], { quote: ofSomebody }).behindMention).toBeUndefined()
  })

  it('has the pictures behind the words', () => {
    const { line, prefixed } = addressOf(toElements([image, ' /hello', ann]))
    expect(line).toEqual([text('hello'), ann, image])
    expect(prefixed).toEqual([text('/hello'), ann, image])
  })
})
