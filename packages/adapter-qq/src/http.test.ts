import { describe, expect, it } from 'vitest'
import { fastClock } from '../test/clocks.ts'
import { startRecordingApi } from '../test/recording-api.ts'
import { MynahError } from '@mynah/core'
import { auditIn, QQApiError } from './errors.ts'
import { fillPath } from './http.ts'
import { PlatformError } from '@mynah/adapter-kit'

const failing = (code: number, status = 400) => ({
  status,
  body: { err_code: code, code: 1, message: 'no', trace_id: 't-1' },
})

describe('a refused call', () => {
  it('tells all that is known', async () => {
    const { http, answers } = await startRecordingApi()
    answers.push({ ...failing(11253, 403), headers: { 'x-tps-trace-id': 'header' } })
    const error = await http
      .call('GET', '/guilds/{guild_id}', { path: { guild_id: '48' } })
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(QQApiError)
    expect(error).toMatchObject({
      code: 'API_REJECTED',
      status: 403,
      platformCode: 11253,
      traceId: 't-1',
      method: 'GET',
      path: '/guilds/48',
      action: 'surface',
      retriable: false,
    })
    expect(String(error)).toMatch(/no — The bot has no right/)
  })

  it('takes the trace from the header when the body has none', async () => {
    const { http, answers } = await startRecordingApi()
    answers.push({ status: 404, body: '<html>', headers: { 'x-tps-trace-id': 'header' } })
    await expect(http.call('GET', '/x')).rejects.toMatchObject({ traceId: 'header', status: 404 })
  })

  it('may come with status 200', async () => {
    const { http, answers } = await startRecordingApi()
    answers.push(failing(50006, 200))
    await expect(http.call('POST', '/x')).rejects.toMatchObject({ platformCode: 50006 })
    answers.splice(0, 1, { body: { err_code: 0, code: 0, ok: true } })
    await expect(http.call('POST', '/x')).resolves.toMatchObject({ ok: true })
  })

  it('may have any body or none', async () => {
    const { http, answers } = await startRecordingApi({ clock: fastClock(200) })
    answers.push({ status: 400, body: 'nonsense' }, { status: 413 })
    await expect(http.call('POST', '/x')).rejects.toMatchObject({ status: 400 })
    await expect(http.call('POST', '/x')).rejects.toMatchObject({
      status: 413,
      message: expect.stringMatching(/in parts/),
    })
  })

  it('tells that it is too late to recall', async () => {
    const { api, answers } = await startRecordingApi()
    answers.push(failing(40064004))
    await expect(api.messages.delete({ kind: 'c2c', id: 'U' }, 'm')).rejects.toThrow(/too late/)
  })

  it('of a reaction that is there already is no error', async () => {
    const { api, answers } = await startRecordingApi()
    answers.push(failing(620003))
    await expect(api.community.addReaction('7', 'm', { type: 1, id: '1' })).resolves.toBeUndefined()
  })

  it('holds no secrets', () => {
    const error = new QQApiError(
      new PlatformError('API_REJECTED', 'no', { method: 'POST', path: '/x', body: { access_token: 'AT-1' } }),
    )
    expect(JSON.stringify(error)).not.toContain('AT-1')
    expect(`${error.stack} ${error.message}`).not.toContain('AT-1')
  })
})

describe('what helps', () => {
  it.each([
    ['nothing against 11298', 11298, 403, 1],
    ['once more against 11242', 11242, 500, 2],
    ['once more against 11252', 11252, 400, 2],
    ['once more against 11263', 11263, 400, 2],
    ['once more against 11281', 11281, 400, 2],
    ['nothing against 40034101', 40034101, 400, 1],
    ['nothing against 40054003', 40054003, 400, 1],
    ['nothing against 40054004', 40054004, 400, 1],
    ['nothing against 40054013', 40054013, 400, 1],
    ['three more times against 429', 22009, 429, 4],
  ])('%s', async (_, code, status, attempts) => {
    const { http, calls, answers } = await startRecordingApi({ clock: fastClock(200) })
    answers.push(failing(code, status))
    await expect(http.call('POST', '/x', { json: {} })).rejects.toMatchObject({ platformCode: code })
    expect(calls).toHaveLength(attempts)
  })

  it('is told for an address that is not allowed', async () => {
    const { http, answers } = await startRecordingApi()
    answers.push(failing(11298, 403))
    await expect(http.call('GET', '/x')).rejects.toThrow(/allowlist/)
  })

  it('repeats after a fault only what may be done twice', async () => {
    const { http, calls, answers } = await startRecordingApi({ clock: fastClock(200) })
    answers.push({ status: 500 })
    await expect(http.call('POST', '/x')).rejects.toMatchObject({ status: 500 })
    expect(calls).toHaveLength(1)
    await expect(http.call('POST', '/x', { idempotent: true })).rejects.toMatchObject({ status: 500 })
    expect(calls).toHaveLength(1 + 4)
    await expect(http.call('GET', '/x')).rejects.toMatchObject({ status: 500 })
    expect(calls).toHaveLength(1 + 4 + 4)
  })

  it.each([11241, 11243, 11244])('asks for other credentials once after %i', async (code) => {
    let renewed = 0
    const credentials = {
      authorization: async () => `QQBot ${renewed}`,
      renew: async () => void (renewed += 1),
      isFailing: false,
    }
    const { http, calls, answers } = await startRecordingApi({ credentials })
    answers.push(failing(code, 401))
    await expect(http.call('GET', '/x')).rejects.toMatchObject({ code: 'AUTH_FAILED', action: 'refresh' })
    expect(calls.map(({ headers }) => headers.authorization)).toEqual(['QQBot 0', 'QQBot 1'])
  })

  it('queues messages of one channel, five a second', async () => {
    const slow = fastClock(20)
    const { api } = await startRecordingApi({ clock: slow })
    const startedAt = slow.monotonic()
    const target = { kind: 'channel', id: '7' } as const
    await Promise.all(Array.from({ length: 11 }, () => api.messages.send(target, { content: 'x' })))
    expect(slow.monotonic() - startedAt).toBeGreaterThanOrEqual(2000)
  })

  it('keeps the credentials from other hosts', async () => {
    const { http } = await startRecordingApi()
    const other = await startRecordingApi()
    await http.call('GET', `${other.url}/attachment`)
    expect(other.calls[0]?.headers.authorization).toBeUndefined()
    expect(other.calls[0]?.headers['x-union-appid']).toBeUndefined()
  })

  it('reaches any path', async () => {
    const { http, calls } = await startRecordingApi()
    await http.call('POST', '/v2/panels', { json: { a: 1 }, query: { b: 2 }, headers: { 'x-c': '3' } })
    expect(calls[0]).toMatchObject({
      method: 'POST',
      url: '/v2/panels?b=2',
      body: { a: 1 },
      headers: { 'x-c': '3' },
    })
  })
})

describe('an audit', () => {
  it.each([
    [{ code: 304023, data: { message_audit: { audit_id: 'a' } } }],
    [{ data: { message_audit: { audit_id: 'a' } } }],
    [{ audit_id: 'a', audit_tips: 'wait' }],
  ])('is found in %j', async (body) => {
    expect(auditIn(body)).toBe('a')
    const { http, answers } = await startRecordingApi()
    for (const status of [200, 201, 202]) {
      answers.splice(0, 1, { status, body })
      await expect(http.call('POST', '/x')).resolves.toEqual(body)
    }
  })
})

describe('paths', () => {
  it('are encoded', () => {
    expect(fillPath('/a/{x}/b', { x: 'ROBOT1.0_/?#!!' })).toBe('/a/ROBOT1.0_%2F%3F%23!!/b')
    expect(() => fillPath('/a/{x}', {})).toThrow(MynahError)
  })
})
