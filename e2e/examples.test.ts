import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { isPlugin, type Plugin } from '@mynah/core'
import database from '@mynah/database'
import { createTestApp, expectNoLeaks, type TestUser } from '@mynah/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { kookContract } from '../packages/adapter-kook/test/contract.ts'
import { onebotContract } from '../packages/adapter-onebot/test/contract.ts'
import { qqContract, qqGroupContract } from '../packages/adapter-qq/test/contract.ts'
import { sandboxContract } from '../packages/adapter-sandbox/test/contract.ts'
import { Talk } from './conversation.ts'
import { databaseKinds, emptyDatabase } from './example-databases.ts'
import { type Block, readPages } from './doc-blocks.ts'
import { type Exchange, lines, notRun } from './example-lines.ts'

const folder = fileURLToPath(new URL('.run-examples', import.meta.url))
const blocks = (await readPages()).filter(
  ({ language, isFragment, code }) =>
    /^tsx?$/.test(language) && !isFragment && code.includes('definePlugin('),
)
const isTranslation = ({ page }: Block): boolean => page.includes('zh-CN')
const examples = named(blocks.filter((block) => !isTranslation(block)))

/** Examples by page and name; a second one of the same name on a page has a number. */
function named(all: readonly Block[]): ReadonlyMap<string, Block> {
  const byName = new Map<string, Block>()
  for (const block of all) {
    const name = `${block.page} ${/definePlugin\(\{\s*name: '([^']+)'/g.exec(lastPlugin(block.code))?.[1]}`
    byName.set(byName.has(name) ? `${name} 2` : name, block)
  }
  return byName
}

/** What stands where the module's own plugin begins. */
function lastPlugin(code: string): string {
  const start = code.lastIndexOf('export default definePlugin(')
  return code.slice(Math.max(start, 0))
}

/** The code without its words, which translations have in their language. */
const skeleton = ({ code }: Block): string =>
  code
    .replaceAll(/\/\/.*|\/\*[^]*?\*\/|'[^'\n]*'|`[^`]*`|"[^"\n]*"|>[^<{}]*</g, '')
    .replaceAll(/\s+/g, '')
    .replaceAll(',)', ')')

async function load(name: string): Promise<Plugin> {
  const block = examples.get(name)
  if (block === undefined) throw new Error(`There is no example ${name}.`)
  const { language, code } = block
  const path = join(folder, `${name.replaceAll(/\W+/g, '-')}.${language}`)
  await writeFile(path, code)
  const module: unknown = await import(path)
  const plugin: unknown =
    typeof module === 'object' && module !== null ? Reflect.get(module, 'default') : undefined
  if (!isPlugin(plugin)) throw new Error(`${name} exports no plugin.`)
  return plugin
}

beforeAll(() => mkdir(folder, { recursive: true }))
afterAll(() => rm(folder, { recursive: true, force: true }))

it('has lines for every example, or a reason', () => {
  const known = [...Object.keys(lines), ...Object.keys(notRun)]
  expect(Array.from(examples.keys()).toSorted()).toEqual(known.toSorted())
})

it('reads the same in the translations', () => {
  const originals = new Set(Array.from(examples.values(), skeleton))
  const others = blocks.filter((block) => isTranslation(block) && !originals.has(skeleton(block)))
  expect(others.map(({ page, line }) => `${page}:${line}`)).toEqual([])
})

describe.each([onebotContract, qqContract, qqGroupContract, kookContract, sandboxContract])(
  'examples on $name',
  (contract) => {
    let talk: Talk
    beforeAll(async () => {
      talk = await Talk.begin(contract)
      talk.app.plugin(database, 'sqlite::memory:')
    })
    afterAll(() => talk.end())

    const isPossible = ({ only, needs }: Exchange): boolean =>
      only?.test(contract.name) !== false && (needs === undefined || contract.skips?.[needs] === undefined)

    const played = Object.entries(lines)
      .map(([name, exchanges]) => ({ name, exchanges: exchanges.filter(isPossible) }))
      .filter(({ exchanges }) => exchanges.length > 0)

    it.each(played)('$name', { timeout: 60_000 }, async ({ name, exchanges }) => {
      const seen: string[] = []
      const errors = await talk.meet(await load(name), async () => {
        for (const exchange of exchanges) seen.push(await play(talk, exchange))
      })
      expect(seen).toEqual(exchanges.map(({ see = /^$/ }) => expect.stringMatching(see)))
      expect(errors).toEqual([])
    })
  },
)

describe.each(databaseKinds)('the example of data on %s', (kind) => {
  it('makes no points out of nothing, however many gifts meet', async () => {
    await using place = await emptyDatabase(kind)
    const t = createTestApp()
    await t.plugin(database, place.url)
    await t.plugin(await load('docs/guide/data.md checkin'))
    const people = ['ann', 'bob', 'cat'].map((id) => t.user(id))
    const checkIn = (answer: string) => async (person: TestUser) => {
      await person.say('/checkin')
      await person.expectReply(answer)
    }
    await Promise.all(people.map(checkIn('You have 10 points.')))
    await Promise.all(people.map(checkIn('You were here today. Come back tomorrow!')))

    const pairs = people.flatMap((giver) => people.map(({ id }) => ({ giver, id })))
    const gifts = Array.from({ length: 4 }, () => pairs).flat()
    await Promise.all(gifts.map(({ giver, id }) => giver.say(`/gift @${id} 7`)))

    const reader = t.user('dan')
    await reader.say('/top')
    const { text } = await reader.expectReply(/^1\. /)
    const points = Array.from(text.matchAll(/: (-?\d+)$/gm), ([, count]) => Number(count))
    expect(points.reduce((sum, count) => sum + count)).toBe(30)
    expect(Math.min(...points)).toBeGreaterThanOrEqual(0)
    expect(t.errors).toEqual([])
    await expectNoLeaks(t)
  })
})

/** @returns What the bot answers; nothing where no answer is awaited. */
async function play(talk: Talk, { say, act, mention, see, inPieces }: Exchange): Promise<string> {
  if (inPieces === true) return talk.seeInPieces(say ?? '')
  const { group, drivers } = talk.stage
  const doing = (): unknown => {
    if (say !== undefined) return group.say(say)
    return mention === undefined ? drivers[act ?? 'addMember']?.() : drivers.mention?.(mention)
  }
  if (see === undefined) {
    await talk.settle(doing)
    return ''
  }
  await doing()
  return (await talk.see()).text.trim()
}
