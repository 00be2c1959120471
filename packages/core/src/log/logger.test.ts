import { describe, expect, it } from 'vitest'

import { type AppLogger, createLogger } from './logger.ts'

function start(): { logger: AppLogger; last: () => Record<string, unknown>; raw: () => string } {
  const lines: string[] = []
  const logger = createLogger({ stream: { write: (line) => lines.push(line) } })
  const raw = (): string => lines.at(-1) ?? ''
  return { logger, raw, last: () => JSON.parse(raw()) as Record<string, unknown> }
}

describe('fields that sound secret', () => {
  it.each([
    'token',
    'Token',
    'accessToken',
    'access_token',
    'X-Access-Token',
    'apiKey',
    'api_key',
    'secret',
    'clientSecret',
    'password',
    'authorization',
    'Cookie',
    'verifyToken',
    'encryptKey',
  ])('are hidden, however deep: %s', (name) => {
    const { logger, raw } = start()
    logger.info({ [name]: 'hush', list: [{ deep: { deeper: { [name]: 'hush' } } }] }, 'x')
    expect(raw()).not.toContain('hush')
    expect(raw().match(/\[secret\]/g)).toHaveLength(2)
  })

  it('are hidden in what an error carries', () => {
    const { logger, raw } = start()
    logger.error(
      { err: Object.assign(new Error('x'), { config: { headers: { Authorization: 'hush' } } }) },
      'x',
    )
    expect(raw()).not.toContain('hush')
  })

  it('are shown where they hold no text: a count of tokens is no token', () => {
    const { logger, last } = start()
    logger.info({ tokens: 5, usage: { maxTokens: 100 }, plugin: 'ai' }, 'x')
    expect(last()).toMatchObject({ tokens: 5, usage: { maxTokens: 100 }, plugin: 'ai' })
  })

  it('may stand in values that go round in a circle', () => {
    const { logger, last } = start()
    const fields: Record<string, unknown> = { token: 'hush' }
    fields['self'] = fields
    logger.info(fields, 'x')
    expect(last()['token']).toBe('[secret]')
  })
})

describe('secrets that are known by value', () => {
  const secret = 'p@ss "word"\\/é+1'
  const forms: [string, string][] = [
    ['as it is', secret],
    ['in an address', `http://h/?t=${encodeURIComponent(secret)}`],
    ['in Base64', Buffer.from(secret).toString('base64')],
    ['in JSON', JSON.stringify({ a: secret })],
  ]

  it.each(forms)('are hidden %s', (_, text) => {
    const { logger, last } = start()
    logger.addSecret(secret)
    logger.info({ nested: [text], err: new Error(text) }, `before ${text} after`)
    expect(last()['msg']).toContain('[secret]')
    expect(JSON.stringify(last())).not.toContain(text)
  })

  it.each(['1234', 'true', '30', 'msg', '"', 'a', '\\', 'level'])('never spoil a line: %s', (short) => {
    const { logger, last } = start()
    logger.addSecret(short)
    logger.info({ on: true, count: 1234, text: `it is ${short}.` }, 'a message')
    expect(last()).toMatchObject({ level: 30, on: true, count: 1234 })
    expect(last()['time']).toBeGreaterThan(0)
    expect(last()['text']).toBe('it is [secret].')
  })

  it('leave longer words alone when they are short', () => {
    const { logger, last } = start()
    logger.addSecret('cat')
    logger.info('concatenate the cat')
    expect(last()['msg']).toBe('concatenate the [secret]')
  })

  it('are hidden line by line where they have many lines', () => {
    const { logger, raw } = start()
    const key = '-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0\nBAQEFAASCBKcwggSjAgEAAo\n-----END KEY-----'
    logger.addSecret(key)
    logger.info('line MIIEvQIBADANBgkqhkiG9w0 and BAQEFAASCBKcwggSjAgEAAo')
    expect(raw()).not.toContain('MIIEvQIBADANBgkqhkiG9w0')
    expect(raw()).not.toContain('BAQEFAASCBKcwggSjAgEAAo')
  })

  it('cost time only in proportion to the line', () => {
    const { logger } = start()
    logger.addSecret('a-secret-of-some-length')
    const measure = (size: number): number => {
      const text = `${'"\\'.repeat(size / 2)} a-secret-of-some-length`
      return Math.min(
        ...Array.from({ length: 5 }, () => {
          const start = performance.now()
          logger.info(text)
          return performance.now() - start
        }),
      )
    }
    measure(1000)
    expect(measure(512 * 1024)).toBeLessThan(Math.max(50, measure(256 * 1024) * 2.5))
  })
})
