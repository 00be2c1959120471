import { expect, it } from 'vitest'
import { RecordingLogger } from './recording-logger.ts'

it('keeps lines with and without fields, and shows what operators see', () => {
  const logger = new RecordingLogger()
  logger.child().info('It begins.')
  logger.debug({ err: new Error('token 123') }, 'Details.')
  logger.error({ code: 1 }, 'It failed.')
  expect(logger.shown).toEqual(['info It begins.', 'error It failed.'])
  expect(logger.lines[2]).toEqual({ level: 'error', fields: { code: 1 }, message: 'It failed.' })
  expect(logger.text).toContain('token 123')
})
