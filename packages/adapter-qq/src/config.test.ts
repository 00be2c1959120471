import { describe, expect, it } from 'vitest'
import { qqConfig } from './config.ts'

describe('the config', () => {
  const good = { appId: '102000001', secret: 'kq7Zt2WmXp9LcR4vBn3Y' }

  it.each([
    [{}, 'appId'],
    [{ appId: '1' }, 'secret'],
    [{ appId: '', secret: 'x' }, 'appId'],
    [{ appId: '1', secret: '' }, 'secret'],
    [{ ...good, intents: ['GUILDZ'] }, 'intents'],
    [{ ...good, endpoints: { api: 'example.invalid' } }, 'endpoints'],
    [{ ...good, webhook: { verify: false } }, 'webhook'],
  ])('refuses %j because of %s', (input, path) => {
    const result = qqConfig.safeParse(input)
    expect(result.error?.issues[0]?.path[0]).toBe(path)
  })

  it('takes an appId that is a number as text', () => {
    expect(qqConfig.parse({ ...good, appId: 102_000_001 }).appId).toBe('102000001')
  })

  it('has the addresses of today, of the sandbox, or those that are given', () => {
    const { endpoints } = qqConfig.parse(good)
    expect(endpoints).toEqual({
      token: 'https://api.bot.qq.com/app/getAppAccessToken',
      api: 'https://api.bot.qq.com',
      gateway: undefined,
    })
    const sandbox = qqConfig.parse({ ...good, sandbox: true }).endpoints
    expect(sandbox).toEqual({ ...endpoints, api: 'https://sandbox.api.bot.qq.com' })
    const own = { token: 'http://127.0.0.1:1/t', api: 'http://127.0.0.1:1/', gateway: 'ws://127.0.0.1:1' }
    expect(qqConfig.parse({ ...good, endpoints: own }).endpoints).toEqual({
      ...own,
      api: 'http://127.0.0.1:1',
    })
  })
})
