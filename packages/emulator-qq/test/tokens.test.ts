import { TestClock } from '@mynah/core/testing'
import { expect, test } from 'vitest'
import { RawApi, appId, requestToken, secret, startedAt } from './raw-client.ts'
import { startQQEmulator } from '../src/index.ts'

const secondMs = 1000

test('the same token comes back until the last 60 seconds, then a new one beside it', async () => {
  const clock = new TestClock(startedAt)
  await using emulator = await startQQEmulator({ appId, secret, clock })
  const first = await requestToken(emulator)
  expect(first.body).toEqual({ access_token: expect.stringMatching(/^AT-/), expires_in: '7200' })

  await clock.advance(7139 * secondMs)
  const again = await requestToken(emulator)
  expect(again.body).toEqual({ access_token: first.body['access_token'], expires_in: '61' })

  await clock.advance(1 * secondMs)
  const next = await requestToken(emulator)
  expect(next.body['access_token']).not.toBe(first.body['access_token'])
  expect(next.body['expires_in']).toBe('7200')

  const old = new RawApi(emulator, String(first.body['access_token']))
  const fresh = new RawApi(emulator, String(next.body['access_token']))
  expect((await old.call('GET', '/gateway')).status).toBe(200)
  await clock.advance(60 * secondMs)
  expect((await old.call('GET', '/gateway')).body).toMatchObject({ code: 11244 })
  expect((await fresh.call('GET', '/gateway')).status).toBe(200)
})

test.each([
  ['a wrong secret', { appId, clientSecret: 'wrong' }, 100016],
  ['an unknown AppID', { appId: '1', clientSecret: secret }, 100016],
  ['an AppID as number', { appId: Number(appId), clientSecret: secret }, 100016],
  ['no secret', { appId }, 100016],
])('%s is refused with HTTP 200 and a code', async (_, body, code) => {
  await using emulator = await startQQEmulator({ appId, secret })
  const answer = await requestToken(emulator, body)
  expect(answer.status).toBe(200)
  expect(answer.body).toMatchObject({ code, err_code: code, message: expect.any(String) })
  expect(answer.body['access_token']).toBeUndefined()
})

test.each([
  ['banned', 100007],
  ['missing', 10004],
] as const)('a bot that is %s gets code %i instead of a token', async (state, code) => {
  await using emulator = await startQQEmulator({ appId, secret })
  emulator.setBotState(state)
  const answer = await requestToken(emulator)
  expect(answer.status).toBe(200)
  expect(answer.body['code']).toBe(code)
})

test.each([
  ['no header', undefined, 11241],
  ['another scheme', 'Bearer AT-1', 11243],
  ['the deprecated form', `Bot ${appId}.legacy`, 11243],
  ['a token nobody issued', 'QQBot AT-1', 11244],
])('%s is refused with 401 and a trace id in header and body', async (_, authorization, code) => {
  await using emulator = await startQQEmulator({ appId, secret })
  const response = await fetch(`${emulator.baseUrls.api}/gateway`, {
    headers: authorization === undefined ? {} : { Authorization: authorization },
  })
  expect(response.status).toBe(401)
  expect(await response.json()).toMatchObject({ code, trace_id: response.headers.get('X-Tps-trace-ID') })
})

test('the deprecated form works for bots with a legacy token', async () => {
  await using emulator = await startQQEmulator({ appId, secret, legacyToken: 'legacy' })
  const response = await fetch(`${emulator.baseUrls.api}/gateway`, {
    headers: { Authorization: `Bot ${appId}.legacy` },
  })
  expect(await response.json()).toEqual({ url: emulator.baseUrls.gateway })
})

test('revoked tokens stop working and the next request brings a new one', async () => {
  await using emulator = await startQQEmulator({ appId, secret })
  const api = await RawApi.login(emulator)
  emulator.faults.expireTokens()
  expect((await api.call('GET', '/gateway')).body['code']).toBe(11244)
  const renewed = await RawApi.login(emulator)
  expect(renewed.token).not.toBe(api.token)
})
