import { describe, expect, it } from 'vitest'

import { siteIn } from './leftovers.ts'

const files = new Set(['/bots/mynah/core/plugins/a.ts', '/my bot (1)/plugins/a.ts'])
const core = '/bots/mynah/core/node_modules/@mynah/core/dist'

function stack(...places: string[]): string {
  return ['Error', ...places.map((place) => `    at f (${place})`)].join('\n')
}

describe('what a plugin leaves behind', () => {
  it('is its own when it was made in its file, though the framework has called that', () => {
    const made = stack(
      'node:internal/timers:1:1',
      '/bots/mynah/core/plugins/a.ts:6:5',
      `file://${core}/context/instance.js:250:3`,
    )
    expect(siteIn(made, files)).toEqual({ place: '/bots/mynah/core/plugins/a.ts:6:5' })
  })

  it('is not what the framework made for it', () => {
    const made = stack(`file://${core}/shared/clock.js:14:3`, '/bots/mynah/core/plugins/a.ts:6:5')
    expect(siteIn(made, files)).toBe('framework')
  })

  it('is its own when another package made it for the plugin', () => {
    const made = stack('/bots/mynah/core/node_modules/ws/lib/socket.js:1:1', '/my bot (1)/plugins/a.ts:6:5')
    expect(siteIn(made, files)).toEqual({ place: '/my bot (1)/plugins/a.ts:6:5' })
  })

  it('is nobody’s when no file of the plugin took part', () => {
    expect(siteIn(stack('/elsewhere/x.ts:1:1'), files)).toBeUndefined()
  })
})
