import type { SettledReceipt } from '@mynah/core'
import { describe, expect, it } from 'vitest'
import { TestClock } from '@mynah/core/testing'
import { Receiver } from './receive.ts'
import { ReplyManager } from '../send/reply-manager.ts'
import { AuditBook } from '../send/audit-book.ts'
import { MessageIndex } from '../send/message-index.ts'
import type { Dispatch } from '../wire/envelope.ts'

const clock = new TestClock(Date.UTC(2026, 8, 1, 2))
const context = { selfId: '1', botId: undefined, receivedAt: clock.now() }
const user = { kind: 'c2c', id: 'U' } as const
const group = { kind: 'group', id: 'G' } as const

function build() {
  const settled: [string, SettledReceipt][] = []
  const replies = new ReplyManager({
    limits: { c2c: 4, group: 5 },
    isProactive: true,
    clock,
  })
  const parts = {
    replies,
    audits: new AuditBook(clock, true, (...told) => settled.push(told)),
    index: new MessageIndex(),
  }
  return {
    ...parts,
    settled,
    receiver: new Receiver({ ...parts, logger: { debug: () => {}, warn: () => {} } }),
  }
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
  it('teaches who wants proactive messages', () => {
    const { receiver, replies } = build()
    for (const [target, off, on] of [
      [user, userEvent('C2C_MSG_REJECT'), userEvent('C2C_MSG_RECEIVE')],
      [group, groupEvent('GROUP_MSG_REJECT'), groupEvent('GROUP_MSG_RECEIVE')],
    ] as const) {
      receiver.receive(off, context)
      expect(replies.quota.left(target)).toBe(0)
      receiver.receive(on, context)
      expect(replies.quota.left(target)).toBeGreaterThan(0)
    }
    receiver.receive(userEvent('C2C_MSG_REJECT', 'again'), context)
    const resolved = { authorize_data: { opt_scene: 'setting', scope: 'c2c_push' } }
    receiver.receive(
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
    const { receiver, replies } = build()
    const added = receiver.receive(groupEvent('GROUP_ADD_ROBOT'), context)
    expect(replies.budget(group, added.referrer!).replies).toBe(5)
    receiver.receive(groupEvent('GROUP_DEL_ROBOT'), context)
    expect(replies.budget(group, added.referrer!).replies).toBe(0)
    expect(replies.quota.left(group)).toBe(0)
  })

  it('settles audits, also when the result is faster than the answer', async () => {
    const { receiver, audits, settled } = build()
    const audit = (name: string, d: object): Dispatch => ({
      op: 0,
      t: `MESSAGE_AUDIT_${name}`,
      id: JSON.stringify(d),
      d,
    })
    expect(audits.receiptOf('a')).toEqual({ status: 'pending', messageIds: [], auditId: 'a' })
    receiver.receive(audit('PASS', { audit_id: 'a', message_id: 'm' }), context)
    expect(settled).toEqual([['a', { status: 'delivered', messageIds: ['m'] }]])
    receiver.receive(audit('REJECT', { audit_id: 'b' }), context)
    expect(audits.receiptOf('b')).toMatchObject({ status: 'failed', error: { code: 'API_REJECTED' } })
  })

  it('settles audits of which nobody tells', async () => {
    const settled: [string, SettledReceipt][] = []
    const audits = new AuditBook(clock, false, (...told) => settled.push(told))
    expect(audits.receiptOf('c').status).toBe('pending')
    await clock.advance(0)
    expect(settled).toMatchObject([
      ['c', { status: 'failed', error: { message: expect.stringMatching(/MESSAGE_AUDIT/) } }],
    ])
    const told = new AuditBook(clock, true, (...told) => settled.push(told))
    told.receiptOf('d')
    told.receiptOf('e')
    told.pass('e', undefined)
    await clock.advance(24 * 3_600_000)
    expect(settled.slice(1)).toMatchObject([
      ['e', { status: 'delivered', messageIds: [] }],
      ['d', { status: 'failed', error: { message: expect.stringMatching(/a day/) } }],
    ])
  })

  it('teaches by which index a message is quoted', () => {
    const { receiver, index } = build()
    const d = {
      id: 'M',
      author: { id: 'U', user_openid: 'U' },
      message_scene: { ext: ['msg_idx=REFIDX_1=='] },
    }
    receiver.receive({ op: 0, t: 'C2C_MESSAGE_CREATE', id: 'X', d }, context)
    expect([index.get('M'), index.get('REFIDX_2'), index.get('other')]).toEqual([
      'REFIDX_1==',
      'REFIDX_2',
      undefined,
    ])
  })
})
