import { describe, expect, it } from 'vitest'

import { checkStream, isStreamPart, readEnvelope } from './envelope.ts'
import { OneBotError, type OneBotErrorKind } from '../errors.ts'

const call = { action: 'send_msg', params: { user_id: 1 } }
const failureOf = (answer: unknown, action = 'send_msg'): unknown => {
  try {
    return readEnvelope(answer, { ...call, action })
  } catch (error) {
    return error
  }
}

describe('an answer', () => {
  it('succeeds with retcode 0, or with status ok alone', () => {
    expect(readEnvelope({ status: 'ok', retcode: 0, data: 7 }, call)).toBe(7)
    expect(readEnvelope({ status: 'ok', data: 7 }, call)).toBe(7)
    expect(readEnvelope({ status: 'ok', retcode: '0', data: 7 }, call)).toBe(7)
  })

  it.each([{ status: '' }, { status: null }, {}])('succeeds with retcode 0 and %j', (status) => {
    expect(readEnvelope({ ...status, retcode: 0, data: 7 }, call)).toBe(7)
  })

  it('fails with retcode 0 where the status alone says so, as on Lagrange', () => {
    expect(failureOf({ status: 'failed', retcode: 0, data: null }, 'delete_friend')).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('delete_friend: retcode 0'),
    })
    expect(failureOf({ status: 'user not found', retcode: 0, data: null }, 'send_like')).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('send_like: user not found (retcode 0)'),
    })
    expect(failureOf({ status: true, retcode: 0, data: null })).toMatchObject({ kind: 'failed' })
  })

  it('is accepted with an unknown outcome when it is async', () => {
    expect(readEnvelope({ status: 'async', retcode: 1, data: null }, call)).toBeNull()
    expect(readEnvelope({ status: 'async', retcode: 0, data: null }, call)).toBeNull()
  })

  it.each<[object, OneBotErrorKind, string?]>([
    [{ retcode: 100, msg: 'GROUP_NOT_FOUND', wording: '群聊不存在' }, 'not-found'],
    [{ retcode: 1200, message: '消息不存在' }, 'not-found'],
    [{ retcode: 100, msg: 'PERMISSION_DENIED' }, 'forbidden'],
    [{ retcode: 100, msg: 'NOT_MANAGEABLE' }, 'forbidden'],
    [{ retcode: 100, msg: 'SEND_MSG_API_ERROR' }, 'risk-control'],
    [{ retcode: 1200, message: '消息可能被风控' }, 'risk-control'],
    [{ retcode: 1200, message: 'rich media transfer failed' }, 'risk-control'],
    [{ retcode: 120 }, 'risk-control'],
    [{ retcode: 120 }, 'failed', 'set_group_card'],
    [{ retcode: 200 }, 'failed'],
    [{ retcode: -1 }, 'failed'],
    [{ retcode: 404, msg: 'API_NOT_FOUND' }, 'unknown-action'],
    [{ retcode: 1404, message: 'x' }, 'unknown-action'],
    [{ retcode: 200, message: '不支持的Api send_msg' }, 'unknown-action'],
    [{}, 'bad-request'],
    [{ retcode: 1400 }, 'bad-request'],
    [{ retcode: 400 }, 'bad-request'],
    [{ retcode: 1403 }, 'token-refused'],
    [{ retcode: 1401 }, 'token-refused'],
    [{ status: 'ok', retcode: 1, data: null }, 'failed', 'set_friend_add_request'],
  ])('that says %j is an error of its kind', (answer, kind, action) => {
    expect(failureOf(answer, action)).toMatchObject({
      kind,
      action: action ?? 'send_msg',
      outcome: 'rejected',
      retriable: false,
    })
  })

  it('says what the implementation says', () => {
    expect(
      failureOf({ status: 'failed', retcode: 100, msg: 'CODE', message: 'm', wording: 'w' }),
    ).toMatchObject({
      retcode: 100,
      reason: 'CODE',
      message: expect.stringContaining('send_msg: w (retcode 100)'),
    })
    expect(
      failureOf({ status: 'failed', retcode: 100, msg: 'CODE', message: 'm', wording: '' }),
    ).toMatchObject({
      message: expect.stringContaining('send_msg: m'),
    })
    expect(failureOf({ status: 'failed', retcode: 100, msg: 'CODE' })).toMatchObject({
      message: expect.stringContaining('send_msg: CODE'),
    })
    expect(failureOf({ status: 'failed', retcode: 200 })).toMatchObject({
      message: expect.stringContaining('send_msg: retcode 200'),
    })
  })

  it.each([null, 7, 'text', [], undefined])('that is %j cannot be read', (answer) => {
    expect(failureOf(answer)).toMatchObject({ kind: 'malformed' })
    expect(failureOf(answer)).toMatchObject({ outcome: 'unknown' })
  })

  it('leaves secrets and files out of errors', () => {
    const params = {
      message: [{ data: { file: `base64://${'A'.repeat(5000)}` } }],
      access_token: 's3cret',
      cookies: 'c00kie',
    }
    const error = new OneBotError('failed', 'no', { action: 'x', params })
    const shown = `${JSON.stringify(error)} ${error.stack} ${JSON.stringify(error.params)}`
    expect(shown).not.toContain('s3cret')
    expect(shown).not.toContain('c00kie')
    expect(shown.length).toBeLessThan(5000)
  })
})

describe('an answer in several frames', () => {
  it('has parts and an end', () => {
    const frame = (type: string, more = {}) => ({ stream: 'stream-action', data: { type, ...more } })
    expect(isStreamPart(frame('stream'))).toBe(true)
    expect(isStreamPart(frame('response'))).toBe(false)
    expect(isStreamPart(frame('error'))).toBe(false)
    expect(isStreamPart({ stream: 'normal-action', data: { type: 'stream' } })).toBe(false)
    // Each part of an upload is answered on its own.
    expect(isStreamPart(frame('stream', { stream_id: 'x' }))).toBe(false)
  })

  it('fails with its last frame', () => {
    const frame = {
      status: 'failed',
      retcode: 1200,
      stream: 'stream-action',
      data: { type: 'error', message: 'gone' },
    }
    expect(() => checkStream(frame, call)).toThrow(expect.objectContaining({ kind: 'stream-broken' }))
    expect(() => checkStream({ ...frame, data: { type: 'response' } }, call)).not.toThrow()
  })
})
