import { element, segment } from '@mynah/core'
import { describe, expect, it } from 'vitest'

import { encodeMessage } from '../encode/segments.ts'
import { encodeForward, forwardOf } from './forward.ts'

const source = ({ attrs }: { attrs: Readonly<Record<string, unknown>> }): string => String(attrs['src'])
const author = { id: '1', name: 'Bot' }

describe('a forward on its way out', () => {
  it('has nodes with both spellings of author and name', () => {
    const forward = segment.forward(
      segment.message({ id: '5', name: 'Lin' }, 'hi'),
      element('message', {}, 'me'),
    )
    expect(encodeForward(forward, author, source)).toEqual([
      {
        type: 'node',
        data: {
          user_id: '5',
          uin: '5',
          nickname: 'Lin',
          name: 'Lin',
          content: [{ type: 'text', data: { text: 'hi' } }],
        },
      },
      {
        type: 'node',
        data: {
          user_id: '1',
          uin: '1',
          nickname: 'Bot',
          name: 'Bot',
          content: [{ type: 'text', data: { text: 'me' } }],
        },
      },
    ])
  })

  it('passes a known message on by its id', () => {
    const forward = segment.forward(element('message', { id: '-7' }))
    expect(encodeForward(forward, author, source)).toEqual([{ type: 'node', data: { id: '-7' } }])
  })

  it('folds forwards into forwards, but not too deep', () => {
    const nest = (depth: number) =>
      Array.from({ length: depth }).reduce<ReturnType<typeof segment.forward>>(
        (inner) => segment.forward(segment.message({ id: '5', name: 'Lin' }, inner)),
        segment.forward(segment.message({ id: '5', name: 'Lin' }, 'deep')),
      )
    const [outer] = encodeForward(nest(1), author, source)
    expect(outer?.data['content']).toMatchObject([{ type: 'node', data: { content: [{ type: 'text' }] } }])
    expect(() => encodeForward(nest(3), author, source)).toThrow(/folded/)
  })

  it('refuses more than a hundred messages', () => {
    const messages = Array.from({ length: 101 }, () => segment.message({ id: '5' }, 'x'))
    expect(() => encodeForward(segment.forward(...messages), author, source)).toThrow(/101 messages/)
  })

  it('says who wrote a part of a forward only where that is a person of QQ', () => {
    const forward = segment.forward(segment.message({ id: 'all', name: 'Ann of KOOK' }, 'hi'))
    expect(encodeForward(forward, author, source)[0]?.data).toMatchObject({
      user_id: '1',
      uin: '1',
      name: 'Ann of KOOK',
    })
  })

  it('is built only when there is something to build', () => {
    const received = element('message', { forward: true, id: '75' })
    expect(forwardOf([received])).toBeUndefined()
    expect(encodeMessage([received], source)).toEqual([{ type: 'forward', data: { id: '75' } }])
  })
})
