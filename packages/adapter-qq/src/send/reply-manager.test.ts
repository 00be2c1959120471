import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TestClock } from '@mynah/core/testing'
import type { QQReferrer } from '../decode/referrer.ts'
import type { TargetKind, Target } from '../encode/target.ts'
import { ReplyManager } from './reply-manager.ts'
import type { ReplyClaim, ReplyWindows } from './reply-windows.ts'

const minute = 60_000
const group: Target = { kind: 'group', id: 'GROUP' }
const user: Target = { kind: 'c2c', id: 'USER' }

function message(clock: TestClock, target: Target, id: string): QQReferrer {
  const names = {
    c2c: 'C2C_MESSAGE_CREATE',
    group: 'GROUP_AT_MESSAGE_CREATE',
    channel: 'AT_MESSAGE_CREATE',
    dm: 'DIRECT_MESSAGE_CREATE',
  }
  return {
    event: names[target.kind],
    receivedAt: clock.now(),
    kind: target.kind,
    target: target.id,
    msgId: id,
    eventId: `outer:${id}`,
  }
}

function event(clock: TestClock, target: Target, name: string): QQReferrer {
  return {
    event: name,
    receivedAt: clock.now(),
    kind: target.kind,
    target: target.id,
    eventId: `${name}:1`,
  }
}

function manager(clock: TestClock, isProactive = true): ReplyManager {
  return new ReplyManager({
    limits: { c2c: 4, group: 5 },
    isProactive,
    clock,
    random: () => 0,
  })
}

/** Takes answers until there are none. */
function drain(windows: ReplyWindows, target: Target, referrer: QQReferrer): ReplyClaim[] {
  const claims: ReplyClaim[] = []
  for (
    let claim = windows.claim(target, referrer);
    claim !== undefined;
    claim = windows.claim(target, referrer)
  ) {
    claims.push(claim)
    if (claims.length > 100) break
  }
  return claims
}

describe('the window of a message', () => {
  it('counts from when it was written, not from when it came', async () => {
    const clock = new TestClock(Date.UTC(2026, 8, 1, 2))
    const late = { ...message(clock, group, 'LATE'), sentAt: clock.now() - 6 * minute }
    const { windows } = manager(clock)
    windows.note(late)
    expect(windows.left(group, late)).toEqual({ replies: 0, expiresAt: clock.now() - minute })
    const fresh = { ...message(clock, group, 'FRESH'), sentAt: clock.now() - 3 * minute }
    windows.note(fresh)
    expect(windows.left(group, fresh)).toEqual({ replies: 5, expiresAt: clock.now() + 2 * minute })
    await clock.advance(2 * minute)
    expect(windows.left(group, fresh).replies).toBe(0)
  })

  it('is not opened by a message from the future', () => {
    const clock = new TestClock(Date.UTC(2026, 8, 1, 2))
    const early = { ...message(clock, group, 'EARLY'), sentAt: clock.now() + 60 * minute }
    expect(manager(clock).windows.left(group, early).expiresAt).toBe(clock.now() + 5 * minute)
  })

  it('stays as it is when the clock of the machine is set back or ahead', async () => {
    for (const hours of [-1, 2]) {
      const clock = new TestClock(Date.UTC(2026, 8, 1, 2))
      const referrer = { ...message(clock, group, 'M'), sentAt: clock.now() }
      const { windows, quota } = manager(clock)
      windows.note(referrer)
      quota.count(group)
      clock.setWall(hours * 60 * minute)
      expect(windows.left(group, referrer).replies).toBe(5)
      expect(windows.claim(group, referrer)).toBeDefined()
      expect(quota.check(group)).toEqual({ isAllowed: true })
      await clock.advance(5 * minute)
      expect(windows.left(group, referrer).replies).toBe(0)
      expect(windows.claim(group, referrer)).toBeUndefined()
    }
  })

  it('is tried to be answered where only a wrong clock says that it is over', () => {
    const clock = new TestClock(Date.UTC(2026, 8, 1, 2))
    const referrer = { ...message(clock, group, 'M'), sentAt: clock.now() - 8 * 60 * minute }
    const { windows } = manager(clock)
    windows.note(referrer)
    expect(windows.claim(group, referrer)).toBeDefined()
  })
})

describe('the answers to a message', () => {
  it.each<[TargetKind, number, number]>([
    ['c2c', 4, 60 * minute],
    ['group', 5, 5 * minute],
    ['channel', Infinity, 5 * minute],
    ['dm', Infinity, 5 * minute],
  ])('in %s are %d within %d ms', async (kind, replies, windowMs) => {
    const clock = new TestClock(Date.UTC(2026, 8, 1, 2))
    const { windows } = manager(clock)
    const target = { kind, id: '1' }
    const referrer = message(clock, target, 'M')
    windows.note(referrer)
    expect(windows.left(target, referrer)).toEqual({ replies, expiresAt: clock.now() + windowMs })
    await clock.advance(windowMs - 1)
    expect(windows.left(target, referrer).replies).toBe(replies)
    await clock.advance(1)
    expect(windows.claim(target, referrer)).toBeUndefined()
  })

  it('are numbered from 1, each with a number of its own', () => {
    const clock = new TestClock(Date.UTC(2026, 8, 1, 2))
    const { windows } = manager(clock)
    const referrer = message(clock, group, 'M')
    windows.note(referrer)
    expect(drain(windows, group, referrer).map(({ msgSeq }) => msgSeq)).toEqual([1, 2, 3, 4, 5])
  })

  it('keep their numbers when an answer is given back', () => {
    const clock = new TestClock(Date.UTC(2026, 8, 1, 2))
    const { windows } = manager(clock)
    const referrer = message(clock, user, 'M')
    windows.note(referrer)
    const first = windows.claim(user, referrer)
    if (first !== undefined) windows.release(first)
    expect(drain(windows, user, referrer).map(({ msgSeq }) => msgSeq)).toEqual([2, 3, 4, 5])
  })

  it('are not used up by showing that the bot types', () => {
    const clock = new TestClock(Date.UTC(2026, 8, 1, 2))
    const { windows } = manager(clock)
    const referrer = message(clock, user, 'M')
    windows.note(referrer)
    expect(windows.claimSequence(user, referrer)?.msgSeq).toBe(1)
    expect(drain(windows, user, referrer).map(({ msgSeq }) => msgSeq)).toEqual([2, 3, 4, 5])
  })

  it('belong to their place alone', () => {
    const clock = new TestClock(Date.UTC(2026, 8, 1, 2))
    const { windows } = manager(clock)
    const referrer = message(clock, user, 'M')
    windows.note(referrer)
    expect(windows.claim({ kind: 'c2c', id: 'OTHER' }, referrer)).toBeUndefined()
    expect(windows.claim(group, referrer)).toBeUndefined()
  })

  it('begin at a high number when another process may have answered', () => {
    const clock = new TestClock(Date.UTC(2026, 8, 1, 2))
    const { windows } = manager(clock)
    expect(windows.claim(user, message(clock, user, 'M'))?.msgSeq).toBe(1_000_000)
  })

  it('end when the platform says so', () => {
    const clock = new TestClock(Date.UTC(2026, 8, 1, 2))
    const { windows } = manager(clock)
    const referrer = message(clock, user, 'M')
    windows.note(referrer)
    const claim = windows.claim(user, referrer)
    if (claim !== undefined) windows.drop(claim.source)
    expect(windows.left(user, referrer).replies).toBe(0)
    windows.note(referrer)
    expect(windows.claim(user, referrer)).toBeUndefined()
  })
})

describe('an event', () => {
  it.each<[string, Target]>([
    ['FRIEND_ADD', user],
    ['C2C_MSG_RECEIVE', user],
    ['INTERACTION_CREATE', user],
    ['GROUP_ADD_ROBOT', group],
    ['GROUP_MSG_RECEIVE', group],
    ['INTERACTION_CREATE', group],
  ])('%s is answered by its outer id', (name, target) => {
    const clock = new TestClock(Date.UTC(2026, 8, 1, 2))
    const { windows } = manager(clock)
    const referrer = event(clock, target, name)
    windows.note(referrer)
    expect(windows.claim(target, referrer)?.passive).toEqual({ event_id: `${name}:1` })
  })

  it.each<[string, Target]>([
    ['FRIEND_DEL', user],
    ['C2C_MSG_REJECT', user],
    ['GROUP_DEL_ROBOT', group],
    ['GROUP_MSG_REJECT', group],
    ['GROUP_MEMBER_REMOVE', group],
    ['FRIEND_ADD', group],
    ['MESSAGE_DELETE', { kind: 'channel', id: '1' }],
  ])('%s cannot be answered there', (name, target) => {
    const clock = new TestClock(Date.UTC(2026, 8, 1, 2))
    const { windows } = manager(clock)
    const referrer = event(clock, target, name)
    windows.note(referrer)
    expect(windows.claim(target, referrer)).toBeUndefined()
  })

  it('of a guild member is answered in any channel', () => {
    const clock = new TestClock(Date.UTC(2026, 8, 1, 2))
    const { windows } = manager(clock)
    const referrer = { event: 'GUILD_MEMBER_ADD', receivedAt: clock.now(), eventId: 'GUILD_MEMBER_ADD:1' }
    windows.note(referrer)
    expect(windows.claim({ kind: 'channel', id: '7' }, referrer)?.passive).toEqual({
      event_id: 'GUILD_MEMBER_ADD:1',
    })
    expect(windows.claim(group, referrer)).toBeUndefined()
  })
})

describe('a way for a message', () => {
  it('is its own event, then other messages of the place, then a proactive message', () => {
    const clock = new TestClock(Date.UTC(2026, 8, 1, 2))
    const replies = manager(clock)
    const first = message(clock, user, 'A')
    const second = message(clock, user, 'B')
    replies.windows.note(first)
    replies.windows.note(second)
    const ways = Array.from({ length: 9 }, () => {
      const claim = replies.search(user, first).next()?.claim
      return claim === undefined ? 'proactive' : Object.values(claim.passive).join()
    })
    expect(ways).toEqual(['A', 'A', 'A', 'A', 'B', 'B', 'B', 'proactive', 'proactive'])
    expect(replies.windows.left(user, second).replies).toBe(1)
  })

  it('of a message that answers nothing is a proactive one, then an answer', () => {
    const clock = new TestClock(Date.UTC(2026, 8, 1, 2))
    const replies = manager(clock)
    replies.windows.note(message(clock, group, 'A'))
    expect(replies.search(group, undefined).next()?.claim).toBeUndefined()
    replies.quota.deny(group, 'switched off')
    expect(replies.search(group, undefined).next()?.claim?.passive).toEqual({ msg_id: 'A' })
  })

  it('that does not exist is told with all reasons', async () => {
    const clock = new TestClock(Date.UTC(2026, 8, 1, 2))
    const replies = manager(clock, false)
    const search = replies.search(user, message(clock, user, 'A'))
    await clock.advance(61 * minute)
    expect(search.next()).toBeUndefined()
    expect(search.error(user)).toMatchObject({
      code: 'REPLY_WINDOW_CLOSED',
      message: expect.stringMatching(/switched off \(config: proactive\)/),
    })
  })

  it('stays within 20 proactive messages a minute and tells when the next may go', async () => {
    const clock = new TestClock(Date.UTC(2026, 8, 1, 2))
    const replies = manager(clock)
    for (let count = 0; count < 20; count += 1) {
      await clock.advance(200)
      expect(replies.search(user, undefined).next()).toBeDefined()
    }
    const search = replies.search(user, undefined)
    expect(search.next()).toBeUndefined()
    expect(search.error(user).message).toMatch(/20 proactive messages per 60 s are used up until 2026/)
    await clock.advance(minute)
    expect(replies.search(user, undefined).next()).toBeDefined()
  })

  it('stays within 20 a day for a channel, by days of China', async () => {
    const clock = new TestClock(Date.UTC(2026, 8, 1, 15, 59))
    const replies = manager(clock)
    const channel: Target = { kind: 'channel', id: '7' }
    for (let count = 0; count < 20; count += 1)
      expect(replies.search(channel, undefined).next()).toBeDefined()
    expect(replies.quota.left(channel)).toBe(0)
    await clock.advance(minute)
    expect(replies.quota.left(channel)).toBe(20)
  })

  it('that was not used is given back', () => {
    const clock = new TestClock(Date.UTC(2026, 8, 1, 2))
    const replies = manager(clock)
    replies.search(group, undefined).next()?.release()
    expect(replies.quota.left(group)).toBe(20)
  })
})

type Step =
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'hear'; readonly place: number }
  | {
      readonly do: 'send'
      readonly heard: number
      readonly place: number
      readonly fate: 'sent' | 'refused' | 'dropped'
    }

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 20 * minute }) }),
    fc.record({ do: fc.constant('hear' as const), place: fc.integer({ min: 0, max: 3 }) }),
    fc.record({
      do: fc.constant('send' as const),
      heard: fc.integer({ min: -1, max: 20 }),
      place: fc.integer({ min: 0, max: 3 }),
      fate: fc.constantFrom('sent' as const, 'sent' as const, 'refused' as const, 'dropped' as const),
    }),
  ),
  { maxLength: 120 },
)

const places: Target[] = [user, { kind: 'c2c', id: 'OTHER' }, group, { kind: 'channel', id: '7' }]
const windows = { c2c: 60 * minute, group: 5 * minute, channel: 5 * minute, dm: 5 * minute }
const limits = { c2c: 4, group: 5, channel: Infinity, dm: Infinity }

interface Heard {
  readonly at: number
  readonly target: Target
  readonly referrer: QQReferrer
}

/** What the platform would hold against a bot that goes through these steps. */
async function offences(sequence: readonly Step[], isProactive: boolean): Promise<string[]> {
  const clock = new TestClock(Date.UTC(2026, 8, 1, 2))
  const replies = manager(clock, isProactive)
  const heard: Heard[] = []
  const used = new Map<string, number>()
  const numbers = new Set<string>()
  const dropped = new Set<string>()
  const found: string[] = []
  const forbid = (is: boolean, what: string): void => void (is && found.push(what))

  const judge = ({ passive, msgSeq }: ReplyClaim, target: Target): string => {
    const id = 'msg_id' in passive ? passive.msg_id : ''
    const source = heard.find(({ referrer }) => referrer.msgId === id)
    const key = `${id}:${msgSeq}`
    forbid(source?.target !== target, 'an id of another place')
    forbid(clock.now() - (source?.at ?? 0) >= windows[target.kind], 'an answer that is too late')
    forbid(dropped.has(id), 'an id that was refused')
    forbid((msgSeq === undefined) !== (target.kind === 'channel'), 'a number in the wrong kind')
    forbid(msgSeq !== undefined && numbers.has(key), 'a number that was used')
    forbid(msgSeq !== undefined && !(msgSeq >= 1 && msgSeq <= 4_294_967_295), 'a number out of range')
    numbers.add(key)
    return id
  }

  const send = ({ heard: index, place, fate }: Extract<Step, { do: 'send' }>): void => {
    const target = places[place] ?? user
    const search = replies.search(target, heard[index]?.referrer)
    const route = search.next()
    if (route === undefined) {
      return forbid(search.error(target).code !== 'REPLY_WINDOW_CLOSED', 'no way and no reason')
    }
    if (fate === 'refused') route.release()
    if (route.claim === undefined) return forbid(!isProactive, 'a proactive message')
    const id = judge(route.claim, target)
    if (fate === 'refused') return
    used.set(id, (used.get(id) ?? 0) + 1)
    forbid((used.get(id) ?? 0) > limits[target.kind], 'too many answers')
    if (fate === 'sent') return
    replies.windows.drop(route.claim.source)
    dropped.add(id)
  }

  for (const step of sequence) {
    if (step.do === 'wait') await clock.advance(step.ms)
    else if (step.do === 'send') send(step)
    else {
      const target = places[step.place] ?? user
      const referrer = message(clock, target, `M${heard.length}`)
      heard.push({ at: clock.now(), target, referrer })
      replies.windows.note(referrer)
    }
  }
  return found
}

describe('any sequence of messages and answers', () => {
  it('stays inside every limit, uses no number twice and gives each message a way or a reason', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.boolean(), async (sequence, isProactive) => {
        expect(await offences(sequence, isProactive)).toEqual([])
      }),
      { numRuns: 500 },
    )
  })
})
