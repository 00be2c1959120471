import { fileURLToPath } from 'node:url'

import { Program } from './program.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Whether packages can be had from npm. A machine without a network runs every test but those that install
 * something; where `CI` is set they always run.
 */
export const hasRegistry: boolean = process.env['CI'] !== undefined || (await answers())

async function answers(): Promise<boolean> {
  const registry = await Program.complete('npm', ['config', 'get', 'registry'], {
    cwd: root,
    env: process.env,
  })
  try {
    const response = await fetch(new URL('ws', registry.trim()), {
      method: 'HEAD',
      signal: AbortSignal.timeout(5000),
    })
    return response.ok
  } catch {
    return false
  }
}
