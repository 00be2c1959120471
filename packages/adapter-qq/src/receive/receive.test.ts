import { describe, expect, it } from 'vitest'
import { TestClock } from '@mynah/core/testing'
import { Inbox } from './receive.ts'
import { ReplyManager } from '../send/reply-manager.ts'
import { AuditBook } from '../send/audit-book.ts'
import { MessageIndex } from '../send/message-index.ts'
import type { Dispatch } from '../wire/envelope.ts'

const clock = new TestClock(Date.UTC(2026, 8, 1, 2))
const context = { selfId: '1', botId: undefined, receivedAt: clock.now() }
const user = { kind: 'c2c', id: 'U' } as const
const group = { kind: 'group', id: 'G' } as const

function build() {
  const settled: unknown[] = []
  const replies = new ReplyManager({
    limits: { c2c: 4, group: 5 },
    isProactive: true,
    clock,
  })
  const parts = {
    replies,
    audits: new AuditBook(clock, true, (...outcome) => settled.push(outcome)),
    index: new MessageIndex(),
  }
  return { ...parts, settled, inbox: new Inbox({ ...parts, logger: { debug: () => {}, warn: () => {} } }) }
}

const userEvent = (t: string, id = t): Dispatch => ({
  op: 0,
  t,
  id,
  d: { openid: 'U', timestamp: clock.now() / 1000 },
})
const groupEvent = (t: string): Dispatch => ({
  op: 0,
  t,
  id: t,
  d: { group_openid: 'G', op_member_openid: 'M', timestamp: clock.now() / 1000 },
})

describe('what comes in', () => {
  it('is taken once, and remembered within bounds', () => {
    const { inbox } = build()
    expect(inbox.take(userEvent('FRIEND_ADD', 'first'), context)).toBeDefined()
    expect(inbox.take(userEvent('FRIEND_ADD', 'first'), context)).toBeUndefined()
    for (let count = 0; count < 10_000; count += 1)
      inbox.take(userEvent('FRIEND_ADD', `other ${count}`), context)
    expect(inbox.take(userEvent('FRIEND_ADD', 'first'), context)).toBeDefined()
  })

  it('teaches who wants proactive messages', () => {
    const { inbox, replies } = build()
    for (const [target, off, on] of [
      [user, userEvent('C2C_MSG_REJECT'), userEvent('C2C_MSG_RECEIVE')],
      [group, groupEvent('GROUP_MSG_REJECT'), groupEvent('GROUP_MSG_RECEIVE')],
    ] as const) {
      inbox.take(off, context)
      expect(replies.quota.left(target)).toBe(0)
      inbox.take(on, context)
      expect(replies.quota.left(target)).toBeGreaterThan(0)
    }
    inbox.take(userEvent('C2C_MSG_REJECT', 'again'), context)
    const resolved = { authorize_data: { opt_scene: 'setting', scope: 'c2c_push' } }
    inbox.take(
      {
        op: 0,
        t: 'INTERACTION_CREATE',
        id: 'I',
        d: { id: 'i', type: 18, user_openid: 'U', data: { resolved } },
      },
      context,
    )
    expect(replies.quota.left(user)).toBeGreaterThan(0)
  })

  it('forgets what could be answered in a group that the bot left', () => {
    const { inbox, replies } = build()
    const added = inbox.take(groupEvent('GROUP_ADD_ROBOT'), context)
    expect(replies.budget(group, added!.referrer!).replies).toBe(5)
    inbox.take(groupEvent('GROUP_DEL_ROBOT'), context)
    expect(replies.budget(group, added!.referrer!).replies).toBe(0)
    expect(replies.quota.left(group)).toBe(0)
  })

  it('settles audits, also when the result is faster than the answer', async () => {
    const { inbox, audits, settled } = build()
    const audit = (name: string, d: object): Dispatch => ({
      op: 0,
      t: `MESSAGE_AUDIT_${name}`,
      id: JSON.stringify(d),
      d,
    })
    audits.pending('a')
    inbox.take(audit('PASS', { audit_id: 'a', message_id: 'm' }), context)
    expect(settled.at(-1)).toEqual(['a', { status: 'delivered', messageIds: ['m'] }])
    inbox.take(audit('REJECT', { audit_id: 'b' }), context)
    audits.pending('b')
    expect(settled.at(-1)).toMatchObject(['b', { status: 'failed' }])
    new AuditBook(clock, false, (...outcome) => settled.push(outcome)).pending('c')
    expect(settled.at(-1)).toMatchObject([
      'c',
      { error: { message: expect.stringMatching(/MESSAGE_AUDIT/) } },
    ])
  })

  it('teaches by which index a message is quoted', () => {
    const { inbox, index } = build()
    const d = {
      id: 'M',
      author: { id: 'U', user_openid: 'U' },
      message_scene: { ext: ['msg_idx=REFIDX_1=='] },
    }
    inbox.take({ op: 0, t: 'C2C_MESSAGE_CREATE', id: 'X', d }, context)
    expect([index.get('M'), index.get('REFIDX_2'), index.get('other')]).toEqual([
      'REFIDX_1==',
      'REFIDX_2',
      undefined,
    ])
  })
})
