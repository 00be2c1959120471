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
