import { Server } from '@mynah/server'
import { describe, expect, it } from 'vitest'
import { diagnose } from '../src/api/diagnose.ts'
import { configFor, start } from './start.ts'

describe('the diagnosis', () => {
  it('finds nothing wrong with a bot that works', async () => {
    const { emulator, app } = await start({ config: { transport: 'webhook' } })
    const shared = app.service('server')
    if (!(shared instanceof Server)) throw new Error('There is no server.')
    const findings = await diagnose(configFor(emulator), { callbackUrl: `${shared.url}/qq` })
    expect(findings.map(({ check, status }) => `${check} ${status}`)).toEqual([
      'config ok',
      'token ok',
      'api ok',
      'gateway ok',
      'intents warning',
      'callback warning',
    ])
  })

  it('says what is wrong', async () => {
    const { emulator } = await start()
    const wrong = { ...configFor(emulator), secret: 'wrong' }
    const findings = await diagnose(wrong, { callbackUrl: `${emulator.baseUrls.api}/nowhere` })
    const failed = findings.filter(({ status }) => status === 'failed')
    expect(failed.map(({ check }) => check)).toEqual(['token', 'api', 'gateway', 'callback'])
    expect(failed[0]?.detail).toMatch(/AppSecret is wrong/)
    expect(JSON.stringify(findings)).not.toContain('"wrong"')
    expect(await diagnose({ appId: '', secret: 'x' })).toMatchObject([{ check: 'config', status: 'failed' }])
  })
})
