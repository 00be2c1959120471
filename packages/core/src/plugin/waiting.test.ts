import { expect, it } from 'vitest'

import { explainWaiting } from './waiting.ts'

const database = 'run "npm install @mynah/database", and take "database: false" out of the config'

it.each<[string, string[], string]>([
  ['one of somebody else', ['renderer'], 'add a plugin that provides renderer'],
  ['several of somebody else', ['renderer', 'cache'], 'add a plugin that provides renderer, cache'],
  ['keys', ['storage'], database],
  ['keys and tables', ['storage', 'database'], database],
  ['the server', ['server'], 'run "npm install @mynah/server", and write "server: {}" into the config'],
  ['some of both', ['renderer', 'storage'], `${database}; add a plugin that provides renderer`],
])('says how a service comes about that nobody provides: %s', (_, services, remedy) => {
  const words = explainWaiting({ plugin: 'count', services, cycle: undefined, failed: [] })
  expect(words).toBe(`Plugin count waits for ${services.join(', ')}; ${remedy}`)
})

it('shows the circle of plugins that wait for each other, whatever they wait for', () => {
  const words = explainWaiting({ plugin: 'a', services: ['storage'], cycle: ['a', 'b', 'a'], failed: [] })
  expect(words).toBe('Plugin a waits for storage; they wait for each other: a → b → a')
})

it('points at a plugin that would provide it and has failed, rather than at its package', () => {
  const words = explainWaiting({
    plugin: 'count',
    services: ['storage'],
    cycle: undefined,
    failed: ['database'],
  })
  expect(words).toBe(
    'Plugin count waits for storage; database would provide that, and failed: see the error of it',
  )
})
