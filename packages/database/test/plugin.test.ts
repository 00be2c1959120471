import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { App, createLogger, definePlugin, type Plugin } from '@mynah/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import database, { t, table } from '../src/index.ts'
import { restore } from '../src/tools.ts'
import { type FilePlace, sqliteFile } from './places.ts'

let place: FilePlace
beforeEach(async () => {
  place = await sqliteFile()
})
afterEach(() => place.remove())

function newApp(address: string = place.url): App {
  const app = new App({ logger: createLogger({ level: 'silent' }) })
  app.plugin(database, address)
  return app
}

const wallets = table({ user: t.text().primaryKey(), coins: t.int().default(0) })

/** Adds a coin for Ann at each start, and tells how many she has. */
function purse(seen: unknown[]): Plugin {
  return definePlugin({
    name: 'purse',
    inject: ['database', 'storage'],
    tables: { wallets },
    async setup({ database: db, storage, name }) {
      await db
        .insertInto('wallets')
        .values({ user: 'ann', coins: 1 })
        .onConflict((conflict) =>
          conflict.column('user').doUpdateSet((eb) => ({ coins: eb('wallets.coins', '+', 1) })),
        )
        .execute()
      const { coins } = await db
        .selectFrom('wallets')
        .select('coins')
        .where('user', '=', 'ann')
        .executeTakeFirstOrThrow()
      seen.push([name, coins, await storage.increment('starts')])
    },
  })
}

describe('the database of a bot', () => {
  it('gives each plugin its own tables and keys, which are there after a restart', async () => {
    const seen: unknown[] = []
    for (let run = 0; run < 2; run += 1) {
      const app = newApp()
      app.plugin(purse(seen))
      if (run === 1) app.plugin(purse(seen), undefined, { name: 'purse:second' })
      await app.start()
      await app.stop()
    }
    expect(seen).toEqual([
      ['purse', 1, 1],
      ['purse', 2, 2],
      ['purse:second', 1, 1],
    ])
  })

  const reads: unknown[] = []
  const reader = definePlugin({
    name: 'reader',
    inject: ['database', 'storage'],
    async setup({ storage }) {
      reads.push(await storage.get('a'), await storage.entries())
    },
  })

  it('is not opened while nobody asks, nor by reading where nothing was ever stored', async () => {
    reads.length = 0
    const app = newApp()
    app.plugin(reader)
    await app.start()
    await app.stop()
    expect(reads).toEqual([undefined, { data: [] }])
    expect(await readdir(place.folder)).toEqual([])
  })

  it('is missed by who reads where something was stored', async () => {
    const app = newApp()
    app.plugin(purse([]))
    await app.start()
    await app.stop()
    for (const end of ['', '-wal', '-shm']) await rm(`${place.file}${end}`, { force: true })
    const next = newApp()
    const instance = next.plugin(reader)
    await next.start()
    expect(instance.error).toMatchObject({ code: 'DATABASE_MISSING' })
    await next.stop()
  })

  it('still asks what becomes of the tables of a plugin that declares none by now', async () => {
    const app = newApp()
    app.plugin(purse([]))
    await app.start()
    await app.stop()
    const next = newApp()
    const none = definePlugin({ name: 'purse', inject: ['database'], tables: {}, setup: () => {} })
    const instance = next.plugin(none)
    await next.start()
    expect(instance.error).toMatchObject({ code: 'MIGRATION_NEEDED' })
    expect(String(instance.error)).toContain('dropTable')
    await next.stop()
  })

  it('copies everything before a step changes tables', async () => {
    const app = newApp()
    app.plugin(purse([]))
    await app.start()
    await app.stop()
    const next = newApp()
    const instance = next.plugin(
      definePlugin({
        name: 'purse',
        inject: ['database'],
        tables: {},
        migrations: { 2: (db) => db.schema.dropTable('wallets').execute() },
        setup: () => {},
      }),
    )
    await next.start()
    expect(instance.error).toBeUndefined()
    await next.stop()
    const data = join(place.folder, 'data')
    const copies = (await readdir(data)).filter((name) => /^bot\.db\.before-purse-.*\.backup$/.test(name))
    expect(copies).toHaveLength(1)
    const url = `sqlite:${join(data, 'again.db')}`
    await restore({ from: join(data, String(copies[0])), to: url })
    const seen: unknown[] = []
    const again = newApp(url)
    again.plugin(purse(seen))
    await again.start()
    await again.stop()
    expect(seen).toEqual([['purse', 2, 2]])
  })

  it('lies in memory by one line', async () => {
    const seen: unknown[] = []
    const app = newApp('sqlite::memory:')
    app.plugin(purse(seen))
    await app.start()
    await app.stop()
    expect(seen).toEqual([['purse', 1, 1]])
    expect(await readdir(place.folder)).toEqual([])
  })

  it('has a folder for the files of each plugin beside it', async () => {
    const app = newApp()
    const folders: string[] = []
    const files = definePlugin({
      name: 'files',
      inject: ['storage'],
      setup: async ({ storage }) => void folders.push(await storage.folder()),
    })
    app.plugin(files)
    app.plugin(files, undefined, { name: 'files:../second' })
    await app.start()
    await app.stop()
    expect(folders.toSorted()).toEqual([
      join(place.folder, 'data', 'files'),
      join(place.folder, 'data', 'files%3A..%2Fsecond'),
    ])
    expect((await readdir(join(place.folder, 'data'))).toSorted()).toEqual(['files', 'files%3A..%2Fsecond'])
  })

  it('goes on with the old version when tables of a new one need a step, and says which', async () => {
    const app = newApp()
    const seen: unknown[] = []
    const instance = app.plugin(purse(seen))
    await app.start()
    const { scope } = instance
    const changed = definePlugin({
      name: 'purse',
      inject: ['database'],
      tables: { wallets: table({ user: t.text().primaryKey(), coins: t.text() }) },
      setup: () => {},
    })
    const { results } = await app.swap([{ instance, plugin: changed, config: undefined }])
    expect(results[0]?.error).toMatchObject({ code: 'MIGRATION_NEEDED' })
    expect(String(results[0]?.error)).toContain('wallets.coins')
    expect(instance.scope).toBe(scope)
    expect(instance.state).toBe('active')
    await app.stop()
  })

  it('fails a plugin whose tables were not made with table(), and says so', async () => {
    const app = newApp()
    const wrong: Record<string, unknown> = { tables: { wallets: {} } }
    const instance = app.plugin(
      definePlugin({ name: 'wrong', inject: ['database'], ...wrong, setup: () => {} }),
    )
    await app.start()
    expect(instance.error).toMatchObject({ code: 'TABLE_INVALID' })
    await app.stop()
  })

  it.each(['mysql://localhost', 'sqlite:', 'data/bot.db'])(
    'refuses the address %s at the start',
    async (address) => {
      const app = new App({ logger: createLogger({ level: 'silent' }) })
      const instance = app.plugin(database, address)
      await app.start()
      expect(instance.error).toMatchObject({ code: 'DATABASE_ADDRESS' })
      await app.stop()
    },
  )
})
