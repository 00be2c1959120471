import { describe, expect, it } from 'vitest'

import { detectPackageManager, runCommand } from './package-manager.ts'

describe('the package manager', () => {
  it.each([
    ['npm/10.8.2 node/v20.20.2 linux x64 workspaces/false', 'npm'],
    ['pnpm/10.34.8 npm/? node/v20.20.2 linux x64', 'pnpm'],
    ['yarn/1.22.22 npm/? node/v20.20.2 linux x64', 'yarn'],
    ['bun/1.2.0 npm/? node/v22.6.0 linux x64', 'bun'],
    ['cnpm/9.4.0', 'npm'],
    [undefined, 'npm'],
  ])('that calls itself %j is %s', (userAgent, manager) => {
    expect(detectPackageManager(userAgent)).toBe(manager)
  })

  it('runs scripts in its own way', () => {
    expect(runCommand('npm', 'dev')).toBe('npm run dev')
    expect(runCommand('pnpm', 'dev')).toBe('pnpm dev')
  })
})
