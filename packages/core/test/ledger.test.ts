import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { expect, it } from 'vitest'

import { startFakeApp } from './fake-bot.ts'
import { TestClock } from '../src/testing/index.ts'
import { holdsEverything } from './fixtures/holds-everything.ts'

const file = fileURLToPath(new URL('fixtures/holds-everything.ts', import.meta.url))

/** What each line of the plugin says that it registers. */
const written = readFileSync(file, 'utf8')
  .split('\n')
  .flatMap((line, index) => {
    const [, kind, label] = /\/\/ (\S+) (.+)$/.exec(line) ?? []
    return kind === undefined || label === undefined ? [] : [{ kind, label, line: index + 1 }]
  })

it('lists all that a plugin holds, with the line of TypeScript that made it, and nothing once it has stopped', async () => {
  const clock = new TestClock(0)
  const { app, bot } = startFakeApp({ clock })
  const instance = app.plugin(holdsEverything)
  await app.start()
  expect(instance.error).toBeUndefined()
  const { scope } = instance
  const held = (): object[] =>
    (instance.scope?.effects() ?? []).map(({ kind, label, site }) => ({
      kind,
      label,
      line: site?.file === file ? site.line : undefined,
    }))
  expect(held()).toEqual(written)

  const asking = bot.say('/ask-eins')
  await expect.poll(() => bot.texts).toEqual(['?'])
  expect(held().slice(written.length)).toMatchObject([{ kind: 'prompt' }])

  await instance.dispose()
  await asking
  expect(scope?.effects()).toEqual([])
  expect(held()).toEqual([])
  expect(Array.from(app.bots, ({ key }) => key)).toEqual(['fake:bot'])
  await app.stop()
  expect(app.inspect.plugins.at(-1)?.effects).toEqual([])
  expect(clock.pending.length).toBe(0)
})
