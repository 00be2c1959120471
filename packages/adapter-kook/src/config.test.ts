import { z } from '@mynah/core'
import { expect, it } from 'vitest'

import { kookConfig } from './config.ts'

it('marks what has to stay secret', () => {
  const schema: unknown = z.toJSONSchema(kookConfig, { io: 'input' })
  expect(schema).toMatchObject({
    properties: {
      token: { secret: true },
      webhook: { properties: { verifyToken: { secret: true }, encryptKey: { secret: true } } },
    },
  })
})

it('tries a refused token again unless it is told to exit', () => {
  const token = 'x'.repeat(33)
  expect(kookConfig.parse({ token }).onRefused).toBe('retry')
  expect(kookConfig.parse({ token, onRefused: 'exit' }).onRefused).toBe('exit')
  expect(() => kookConfig.parse({ token, onRefused: 'never' })).toThrow('onRefused')
})

it('takes the age of a connection as people write it', () => {
  const token = 'x'.repeat(33)
  expect(kookConfig.parse({ token, maxConnectionAge: '24h' }).maxConnectionAge).toBe(86_400_000)
  expect(() => kookConfig.parse({ token, maxConnectionAge: '30s' })).toThrow('a minute at least')
})
