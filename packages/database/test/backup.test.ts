import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { TestClock } from '@mynah/core/testing'
import fc from 'fast-check'
import type { Kysely } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { Engine } from '../src/engine/engine.ts'
import { openEngine, openTables } from '../src/engine.ts'
import { type DB, t, table } from '../src/index.ts'
import { DatabaseJournal } from '../src/outbox/journal.ts'
import { StorageService } from '../src/storage/storage-service.ts'
import { backup, checkBackup, move, restore } from '../src/tools.ts'
import { engineKinds, type FilePlace, inSchema, type Place, sqliteFile } from './places.ts'
import { everyType } from './tables/every-type.ts'

const tables = {
  ...everyType,
  // Rows that come before those that they refer to, and a table without a key.
  people: table({ id: t.id(), boss: t.int().nullable().references('people.id', { onDelete: 'set null' }) }),
  notes: table({ text: t.text() }),
}

let bot: FilePlace
const places: Place[] = []

/** A database without anything in it. */
async function emptyPlace(kind: Engine['kind']): Promise<Place> {
  const place = await (kind === 'sqlite' ? sqliteFile() : inSchema())
  places.push(place)
  return place
}

beforeEach(async () => {
  bot = await sqliteFile()
  places.push(bot)
})
afterEach(async () => {
  for (const place of places.splice(0)) await place.remove()
})

const lowest = -(2n ** 63n)
const text = fc.string({ unit: 'grapheme' }).map((value) => value.replaceAll('\0', ''))
const wallet = fc.record({
  coins: fc.maxSafeInteger(),
  big: fc.bigInt({ min: lowest, max: 2n ** 63n - 1n }),
  rate: fc.double({ noNaN: true }).map((value) => value + 0),
  vip: fc.boolean(),
  signedAt: fc.option(
    fc.date({ noInvalidDate: true, min: new Date('-003999-01-01'), max: new Date('9999-12-31') }),
  ),
  prefs: fc.jsonValue({ stringUnit: 'binary' }).map((value) => value ?? 0),
  photo: fc.option(fc.uint8Array({ maxLength: 3000 })),
  nick: fc.option(text),
})

type Db = Kysely<DB<typeof tables>>

/** Everything that is stored, in a form that can be compared. */
async function contentsOf(url: string): Promise<unknown> {
  const engine = await openEngine(url)
  try {
    const db = await openTables(engine, 'economy', { tables })
    const storage = new StorageService(engine, new TestClock(), () => Promise.resolve('')).of('tea')
    return {
      wallets: await db.selectFrom('wallets').selectAll().orderBy('user').execute(),
      ledger: await db.selectFrom('ledger').selectAll().orderBy('id').execute(),
      people: await db.selectFrom('people').selectAll().orderBy('id').execute(),
      notes: await db.selectFrom('notes').selectAll().orderBy('text').execute(),
      keys: (await storage.entries()).data,
    }
  } finally {
    await engine.close()
  }
}

/** Stores something of everything. */
async function fill(url: string, wallets: readonly object[], notes = 3): Promise<void> {
  const engine = await openEngine(url)
  const db: Db = await openTables(engine, 'economy', { tables })
  const rows = wallets.map((one, at) => ({ user: `user ${at} 猫\u2028`, ...one }))
  if (rows.length > 0) await db.insertInto('wallets').values(rows).execute()
  await db
    .insertInto('people')
    .values([{ boss: null }, { boss: null }, { boss: null }])
    .execute()
  await db.updateTable('people').set({ boss: 3 }).where('id', '<', 3).execute()
  await db.deleteFrom('people').where('id', '=', 2).execute()
  const texts = Array.from({ length: notes }, (_, at) => ({ text: `${at}`.padEnd(2000, '茶') }))
  await db.insertInto('notes').values(texts).execute()
  const storage = new StorageService(engine, new TestClock(), () => Promise.resolve('')).of('tea')
  await storage.set('cups', { count: notes })
  await new DatabaseJournal(engine, new TestClock()).totals()
  await engine.close()
}

const pairs = engineKinds.flatMap((from) => engineKinds.map((to) => [from, to] as const))

describe.each(pairs)('everything that is stored on %s', (from, to) => {
  it(`is the same on ${to} afterwards, by a backup and by a move`, async () => {
    const rows = fc.array(wallet, { minLength: 8, maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(rows, async (wallets) => {
        const source = await emptyPlace(from)
        await fill(source.url, wallets)
        const expected = await contentsOf(source.url)
        const file = join(bot.folder, `${places.length}.backup`)
        const made = await backup({ from: source.url, to: file })
        expect(made.leftOut).toEqual([])
        expect(await checkBackup(file)).toMatchObject({
          createdAt: made.createdAt,
          tables: made.tables,
          engine: from,
        })
        const [restored, moved] = [await emptyPlace(to), await emptyPlace(to)]
        const ends = [
          await restore({ from: file, to: restored.url }),
          await move({ from: source.url, to: moved.url }),
        ]
        for (const end of ends) expect(end.tables).toEqual(made.tables)
        for (const { url } of [restored, moved]) expect(await contentsOf(url)).toEqual(expected)
        await next(restored.url)
      }),
      { numRuns: 1 },
    )
  })
})

/** Ids go on where they were, and references are as strict as they were. */
async function next(url: string): Promise<void> {
  const engine = await openEngine(url)
  const db: Db = await openTables(engine, 'economy', { tables })
  await db.deleteFrom('people').execute()
  const { id } = await db
    .insertInto('people')
    .values({ boss: null })
    .returning('id')
    .executeTakeFirstOrThrow()
  expect(id).toBe(4)
  const orphan = db.transaction().execute(async (tx) => {
    await tx.insertInto('people').values({ boss: 99 }).execute()
    throw new Error('It was not refused at once.')
  })
  await expect(orphan).rejects.toMatchObject({ code: 'DATABASE_CONSTRAINT' })
  await engine.close()
}

describe('a backup', () => {
  it('has everything of one moment, while a bot writes, and keeps nobody waiting', async () => {
    const engine = await openEngine(bot.url)
    const db: Db = await openTables(engine, 'economy', { tables })
    const pair = async (at: number): Promise<unknown> =>
      db.transaction().execute(async (tx) => {
        await tx
          .insertInto('notes')
          .values({ text: `${at}` })
          .execute()
        await tx.insertInto('people').values({ boss: null }).execute()
      })
    for (let at = 0; at < 50; at += 1) await pair(at)
    const copying = backup({ from: bot.url, to: join(bot.folder, 'a.backup') })
    const state = { isDone: false }
    const done = copying.finally(() => {
      state.isDone = true
    })
    let written = 50
    while (!state.isDone) {
      await pair(written)
      written += 1
    }
    const { tables: counts } = await done
    const rowsOf = (name: string): number => counts.find((one) => one.name === name)?.rows ?? 0
    expect(rowsOf('notes')).toBe(rowsOf('people'))
    expect(rowsOf('notes')).toBeGreaterThanOrEqual(50)
    expect(written).toBeGreaterThan(50)
    await engine.close()
  })

  it('takes folders of plugins with it where asked, and puts those that are there aside', async () => {
    await fill(bot.url, [])
    const folder = join(dirname(bot.file), 'tea%3Asecond')
    await mkdir(join(folder, 'cups'), { recursive: true })
    const large = Buffer.alloc(300_000, 'tea ')
    await writeFile(join(folder, 'cups', 'large.bin'), large)
    await writeFile(join(folder, 'empty'), '')
    const file = join(bot.folder, 'a.backup')
    const { files } = await backup({ from: bot.url, to: file, folders: ['tea:second', 'nobody'] })
    expect(files).toEqual(new Map([['tea:second', 2]]))
    await writeFile(join(folder, 'later'), 'later')
    await restore({ from: file, to: bot.url, replace: true })
    expect((await readdir(folder)).toSorted()).toEqual(['cups', 'empty'])
    expect(await readFile(join(folder, 'cups', 'large.bin'))).toEqual(large)
    const aside = (await readdir(dirname(bot.file))).find((name) => name.startsWith('tea%3Asecond.before'))
    expect(await readFile(join(dirname(bot.file), String(aside), 'later'), 'utf8')).toBe('later')
  })

  it('says which tables it leaves out, because nobody declared them', async () => {
    const engine = await openEngine(bot.url)
    await engine.write({ sql: 'create table foreign_rows (id integer)', parameters: [] })
    await engine.close()
    expect((await backup({ from: bot.url, to: join(bot.folder, 'a.backup') })).leftOut).toEqual([
      'foreign_rows',
    ])
  })

  it('that was cut off or changed anywhere is refused, and nothing is changed', async () => {
    await fill(bot.url, [{}])
    const file = join(bot.folder, 'a.backup')
    await backup({ from: bot.url, to: file })
    const bytes = await readFile(file)
    const broken = join(bot.folder, 'broken.backup')
    const refused = async (): Promise<void> => {
      const target = join(bot.folder, 'target.db')
      await expect(restore({ from: broken, to: `sqlite:${target}` })).rejects.toMatchObject({
        code: expect.stringMatching(/^BACKUP_(?:DAMAGED|VERSION)$/),
      })
      expect(await readdir(bot.folder)).not.toContain('target.db')
    }
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length * 8 - 1), fc.nat(bytes.length - 1), async (bit, length) => {
        const flipped = Buffer.from(bytes)
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        await writeFile(broken, flipped)
        await refused()
        await writeFile(broken, bytes)
        await truncate(broken, length)
        await refused()
      }),
      {
        numRuns: 60,
        examples: [
          [0, 0],
          [13 * 8, 15],
          [bytes.length * 8 - 1, bytes.length - 1],
        ],
      },
    )
  })

  it.each([
    ['is not there', undefined, 'BACKUP_FILE'],
    ['is something else', 'a cup of tea', 'BACKUP_DAMAGED'],
    ['is of a newer version', 'mynah-backup 2\n', 'BACKUP_VERSION'],
  ])('that %s is refused with what to do', async (_, content, code) => {
    const file = join(bot.folder, 'a.backup')
    if (content !== undefined) await writeFile(file, content)
    await expect(checkBackup(file)).rejects.toMatchObject({ code })
  })

  it('is not written over another, nor made of what is not there', async () => {
    await expect(backup({ from: bot.url, to: join(bot.folder, 'a.backup') })).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
    })
    expect(await readdir(bot.folder)).toEqual([])
    await fill(bot.url, [])
    await writeFile(join(bot.folder, 'a.backup'), '')
    await expect(backup({ from: bot.url, to: join(bot.folder, 'a.backup') })).rejects.toMatchObject({
      code: 'BACKUP_FILE',
    })
    await expect(backup({ from: 'sqlite::memory:', to: 'a' })).rejects.toMatchObject({
      code: 'DATABASE_ADDRESS',
    })
  })
})

describe.each(engineKinds)('what is restored on %s', (kind) => {
  it('takes no place of what is there unless asked, and puts it aside then', async () => {
    const [first, second] = [await emptyPlace(kind), await emptyPlace(kind)]
    await fill(first.url, [{ coins: 1 }], 1)
    await fill(second.url, [{ coins: 2 }, { coins: 3 }], 2)
    const file = join(bot.folder, 'a.backup')
    await backup({ from: first.url, to: file })
    const [before, expected] = [await contentsOf(second.url), await contentsOf(first.url)]
    const folder = bot.folder
    const refused = { code: 'DATABASE_NOT_EMPTY' }
    await expect(restore({ from: file, to: second.url, folder })).rejects.toMatchObject(refused)
    await expect(move({ from: first.url, to: second.url, folder })).rejects.toMatchObject(refused)
    expect(await contentsOf(second.url)).toEqual(before)
    const { aside = '' } = await restore({ from: file, to: second.url, replace: true, folder })
    expect(await contentsOf(second.url)).toEqual(expected)
    const again = await emptyPlace(kind)
    if (kind === 'sqlite') await move({ from: `sqlite:${aside}`, to: again.url, folder })
    else await restore({ from: aside, to: again.url, folder })
    expect(await contentsOf(again.url)).toEqual(before)
  })
})

describe('a file of SQLite', () => {
  it('has all of the old or all of the new, wherever a restore is killed', async () => {
    const note = join(dirname(bot.file), 'tea', 'note')
    const store = async (what: string): Promise<void> => {
      const engine = await openEngine(bot.url)
      await new StorageService(engine, new TestClock(), () => Promise.resolve('')).of('tea').set('is', what)
      await engine.close()
      await mkdir(dirname(note), { recursive: true })
      await writeFile(note, what)
    }
    const stored = async (): Promise<readonly unknown[]> => {
      const engine = await openEngine(bot.url)
      const storage = new StorageService(engine, new TestClock(), () => Promise.resolve('')).of('tea')
      const kept = await storage.get('is')
      await engine.close()
      return [kept, await readFile(note, 'utf8')]
    }
    const file = join(bot.folder, 'a.backup')
    await store('new')
    await backup({ from: bot.url, to: file, folders: ['tea'] })
    await store('old')
    const program = fileURLToPath(new URL('killed-restore.mjs', import.meta.url))
    const seen = new Set<unknown>()
    for (let step = 1; ; step += 1) {
      const run = await promisify(execFile)(process.execPath, [program, file, bot.url, String(step)]).then(
        ({ stdout }) => stdout,
        (error: unknown) => String(error),
      )
      const [kept, noted] = await stored()
      expect(noted).toBe(kept)
      seen.add(kept)
      if (run === 'done') break
      expect(run).toContain('Command failed')
      if (kept === 'new') await store('old')
      expect(step).toBeLessThan(40)
    }
    expect(seen).toEqual(new Set(['old', 'new']))
  }, 60_000)

  it('is not replaced or moved while a bot has it', async () => {
    await fill(bot.url, [])
    const file = join(bot.folder, 'a.backup')
    await backup({ from: bot.url, to: file })
    const engine = await openEngine(bot.url)
    const locked = { code: 'DATABASE_LOCKED' }
    await expect(restore({ from: file, to: bot.url, replace: true })).rejects.toMatchObject(locked)
    const other = await emptyPlace('sqlite')
    await expect(move({ from: bot.url, to: other.url })).rejects.toMatchObject(locked)
    await engine.close()
  })

  it('that is damaged, or has gone, is restored', async () => {
    await fill(bot.url, [{ coins: 7 }])
    const expected = await contentsOf(bot.url)
    const file = join(bot.folder, 'a.backup')
    await backup({ from: bot.url, to: file })
    await writeFile(bot.file, 'nonsense '.repeat(1000))
    await writeFile(`${bot.file}-wal`, 'nonsense')
    const { aside = '' } = await restore({ from: file, to: bot.url, replace: true })
    expect(basename(aside)).toMatch(/^bot\.db\.before-restore-/)
    expect(await readFile(aside, 'utf8')).toContain('nonsense')
    expect(await contentsOf(bot.url)).toEqual(expected)
  })
})
