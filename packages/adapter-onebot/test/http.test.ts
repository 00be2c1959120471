import type { App } from '@mynah/core'
import { systemClock } from '@mynah/core/adapter'
import { RecordingLogger } from '@mynah/core/testing'
import { describe, expect, it, onTestFinished } from 'vitest'

import { HttpConnection } from '../src/http.ts'
import { readEnvelope } from '../src/api/envelope.ts'
import { botOf, eventually, lines, selfId, serverOf, start, startEmulator } from './start.ts'

const online = (app: App) => eventually(() => expect(botOf(app).status).toBe('online'))
const quiet = new RecordingLogger()

function makeConnection(
  url: string,
  options: Partial<ConstructorParameters<typeof HttpConnection>[0]> = {},
): HttpConnection {
  const connection = new HttpConnection({
    url,
    tokenIn: 'header',
    timeoutMs: 2000,
    logger: quiet,
    clock: systemClock,
    onDown: () => {},
    ...options,
  })
  onTestFinished(() => connection.stop())
  return connection
}

/** A server that answers everything the same way. */
async function answering(result: { status?: number; body?: string; headers?: Record<string, string> }) {
  const app = await start({ reverse: [{}] })
  const seen: { path: string; headers: Record<string, unknown>; body: string }[] = []
  for (const path of ['/get_status', '/prefix/get_status', '/.x']) {
    const remove = serverOf(app).route(
      'POST',
      path,
      ({ headers, body, query }) => {
        seen.push({ path: `${path}?${query.toString()}`, headers, body: body.toString() })
        return { ...result }
      },
      { label: 'test', guard: 'none' },
    )
    onTestFinished(remove)
  }
  return { url: String(serverOf(app).url), seen }
}

const outcomeOf = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error)

describe('an HTTP API', () => {
  it.each(['napcat', 'go-cqhttp', 'llonebot', 'lagrange'] as const)('is used with %s', async (profile) => {
    const emulator = await startEmulator({ profile, accessToken: 's3cret' })
    const api = await emulator.listenHttp()
    const app = await start({ http: [{ url: api.url, token: 's3cret' }] })
    await online(app)
    const alice = emulator.friend({ userId: 1, nickname: 'Alice' })
    expect((await botOf(app).sendMessage('private:1', 'hi')).status).toBe('delivered')
    await alice.expectReply('hi')
    await eventually(() => expect(botOf(app).connections.state.implementation).toBe(profile))
  })

  it.each([
    ['', '/get_status'],
    ['/', '/get_status'],
    ['/prefix', '/prefix/get_status'],
    ['/prefix/', '/prefix/get_status'],
  ])('posts JSON to the action below %j', async (suffix, path) => {
    const { url, seen } = await answering({ body: '{"status":"ok","retcode":0,"data":null}' })
    await makeConnection(`${url}${suffix}`).call({ action: 'get_status', params: {} })
    expect(seen).toEqual([{ path: `${path}?`, headers: expect.any(Object), body: '{}' }])
    expect(seen[0]?.headers['content-type']).toMatch(/^application\/json/)
  })

  it('shows its token where it is told to', async () => {
    const { url, seen } = await answering({ body: '{"status":"ok","retcode":0}' })
    const call = { action: 'get_status', params: { group_id: 5 } }
    await makeConnection(url, { token: 's3cret' }).call(call)
    await makeConnection(url, { token: 's3cret', tokenIn: 'query' }).call(call)
    await makeConnection(url).call(call)
    expect(seen.map(({ headers }) => headers['authorization'])).toEqual([
      'Bearer s3cret',
      undefined,
      undefined,
    ])
    expect(seen.map(({ path }) => path)).toEqual([
      '/get_status?',
      '/get_status?access_token=s3cret',
      '/get_status?',
    ])
    expect(seen.map(({ body }) => body)).toEqual(Array.from({ length: 3 }, () => '{"group_id":5}'))
  })

  it.each([
    [401, 'token-refused'],
    [403, 'token-refused'],
    [404, 'unknown-action'],
    [400, 'bad-request'],
    [406, 'bad-request'],
    [502, 'malformed'],
    [301, 'malformed'],
  ])('takes HTTP %i for an error of its kind', async (status, kind) => {
    const { url } = await answering({ status, body: '<html>no</html>' })
    const error = await outcomeOf(
      makeConnection(url, { token: 's3cret' }).call({ action: 'get_status', params: {} }),
    )
    expect(error).toMatchObject({ kind, httpStatus: status, transport: 'http' })
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain('s3cret')
  })

  it('knows an unknown action on every implementation', async () => {
    for (const profile of ['napcat', 'go-cqhttp', 'llonebot', 'lagrange'] as const) {
      const emulator = await startEmulator({ profile })
      const connection = makeConnection((await emulator.listenHttp()).url)
      const call = { action: 'no_such_action', params: {} }
      const error = await outcomeOf(connection.call(call).then((answer) => readEnvelope(answer, call)))
      expect(error, profile).toMatchObject({ kind: 'unknown-action' })
    }
  })

  it.each(['<html>Bad Gateway</html>', '', '{"status":'])('cannot read %j', async (body) => {
    const { url } = await answering({ status: 200, body })
    const error = await outcomeOf(makeConnection(url).call({ action: 'get_status', params: {} }))
    expect(error).toMatchObject({ kind: 'malformed' })
    expect(error).toMatchObject({
      outcome: 'unknown',
      message: expect.stringContaining(body.slice(0, 20) || '(empty)'),
    })
  })

  it.each(['header', 'query'] as const)(
    'quotes no token that comes back, sent in the %s',
    async (tokenIn) => {
      const token = 's3cret+/="x'
      const echoed = `no: ?access_token=${encodeURIComponent(token)} Authorization: Bearer ${token} {"token":"other"}`
      for (const status of [200, 400, 500]) {
        const { url } = await answering({ status, body: echoed })
        const error = await outcomeOf(
          makeConnection(url, { token, tokenIn }).call({ action: 'get_status', params: {} }),
        )
        expect(String(error)).toContain('no: ?access_token=<redacted>')
        expect(String(error)).not.toMatch(/s3cret|other/)
      }
    },
  )

  it('gives up when nobody answers in time', async () => {
    const emulator = await startEmulator()
    const api = await emulator.listenHttp()
    emulator.faults.call('*', { kind: 'answer-lost' }, Infinity)
    const error = await outcomeOf(
      makeConnection(api.url, { timeoutMs: 200 }).call({ action: 'get_status', params: {} }),
    )
    expect(error).toMatchObject({ kind: 'timeout' })
    expect(error).toMatchObject({ outcome: 'unknown' })
  })

  it('says that nothing was sent when nobody listens', async () => {
    const emulator = await startEmulator()
    const api = await emulator.listenHttp()
    await api.stop()
    let isDown = false
    const connection = makeConnection(api.url, { onDown: () => (isDown = true) })
    const error = await outcomeOf(connection.call({ action: 'get_status', params: {} }))
    expect(error).toMatchObject({ kind: 'not-connected' })
    expect(error).toMatchObject({ outcome: 'not-sent', retriable: true })
    expect(isDown).toBe(true)
  })

  it('reads an answer in several frames', async () => {
    const emulator = await startEmulator()
    const api = await emulator.listenHttp()
    const app = await start({ http: [{ url: api.url }] })
    await online(app)
    const bytes = Buffer.from('0123456789'.repeat(20_000))
    const { md5 } = emulator.world.media.add(bytes, 'digits.txt')
    const file = await botOf(app).api('onebot').streams.download({ file: md5 })
    expect(file.bytes.equals(bytes)).toBe(true)
  })

  it('goes and comes with the implementation', async () => {
    const emulator = await startEmulator()
    const api = await emulator.listenHttp()
    const app = await start({ http: [{ url: api.url, selfId }] })
    await online(app)
    await api.stop()
    await outcomeOf(botOf(app).api('onebot').implementation.getStatus())
    await eventually(() => expect(botOf(app).status).toBe('reconnecting'))
    await api.start()
    await eventually(() => expect(botOf(app).status).toBe('online'))
  })

  it('is not online by webhook alone once the API has gone', async () => {
    const emulator = await startEmulator()
    const api = await emulator.listenHttp()
    const app = await start({ http: [{ url: api.url, selfId }], webhook: [{}] })
    await online(app)
    await emulator.useWebhook({ url: `${serverOf(app).url}/onebot` })
    await emulator.friend({ userId: 1 }).say('hi')
    await api.stop()
    await outcomeOf(botOf(app).api('onebot').implementation.getStatus())
    await eventually(() => expect(botOf(app).status).toBe('reconnecting'))
  })

  it('says that calls under way may have been carried out when it stops', async () => {
    const emulator = await startEmulator()
    const api = await emulator.listenHttp()
    const connection = makeConnection(api.url)
    emulator.faults.call('*', { kind: 'answer-lost' }, Infinity)
    const call = outcomeOf(connection.call({ action: 'get_status', params: {} }))
    await emulator.expectCall('get_status')
    await connection.stop()
    expect(await call).toMatchObject({ kind: 'connection-lost', outcome: 'unknown', retriable: false })
    expect(await outcomeOf(connection.call({ action: 'get_status', params: {} }))).toMatchObject({
      outcome: 'not-sent',
    })
  })

  it('stops at once while nobody answers who it is', async () => {
    const emulator = await startEmulator()
    const api = await emulator.listenHttp()
    emulator.faults.call('*', { kind: 'answer-lost' }, Infinity)
    const app = await start({ http: [{ url: api.url }] })
    await emulator.expectCall('get_login_info')
    const startedAt = Date.now()
    await app.stop()
    expect(Date.now() - startedAt).toBeLessThan(5000)
  })

  it('reports a refused token', async () => {
    const emulator = await startEmulator({ accessToken: 's3cret' })
    const api = await emulator.listenHttp()
    const app = await start({ http: [{ url: api.url, token: 'wrong', selfId }] })
    await eventually(() => expect(botOf(app).status).toBe('offline'))
    expect(botOf(app).connections.state.problem).toMatch(/token/)
    expect(JSON.stringify(lines.lines)).not.toContain('wrong')
  })
})
