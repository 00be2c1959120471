import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'

import { afterEach, beforeEach, expect, it } from 'vitest'

import { openEngine } from '../src/engine.ts'
import { type FilePlace, sqliteFile } from './places.ts'

let place: FilePlace
let file: string

beforeEach(async () => {
  place = await sqliteFile()
  file = place.file
})

afterEach(() => place.remove())

const count = { sql: 'select count(*) as count from rows', parameters: [] }
const create = { sql: 'create table rows (id integer primary key, words text)', parameters: [] }

/** A process that holds the file; it writes rows without end, and says the id of each that has resolved. */
function startWriter(): ChildProcess {
  const program = new URL('write-rows.mjs', import.meta.url)
  return spawn(process.execPath, [program.pathname, file], { stdio: ['ignore', 'pipe', 'inherit'] })
}

/** Kills a writer after so many rows; resolves to the last that it called written. */
async function killAfter(writer: ChildProcess, rows: number): Promise<number> {
  if (writer.stdout === null) throw new Error('It has no output.')
  let last = 0
  for await (const line of createInterface({ input: writer.stdout })) {
    last = Number(line)
    if (last === rows) writer.kill('SIGKILL')
  }
  return last
}

it('opens at once after its process was killed, with all that it called written', async () => {
  const last = await killAfter(startWriter(), 30)
  const engine = await openEngine(`sqlite:${file}`)
  const { rows } = await engine.read(count)
  expect(Number(rows[0]?.['count'])).toBeGreaterThanOrEqual(last)
  await engine.close()
})

it('refuses a file that another process holds, and names that process', async () => {
  const writer = startWriter()
  if (writer.stdout === null) throw new Error('It has no output.')
  await once(writer.stdout, 'data')
  await expect(openEngine(`sqlite:${file}`)).rejects.toMatchObject({
    code: 'DATABASE_LOCKED',
    message: expect.stringContaining(`process ${writer.pid} on`),
  })
  const exited = once(writer, 'exit')
  writer.kill('SIGKILL')
  await exited
})

it('refuses a file that this process holds already, until it is closed', async () => {
  const engine = await openEngine(`sqlite:${file}`)
  await expect(openEngine(`sqlite:${file}`)).rejects.toThrow('is held by this process itself')
  await engine.close()
  await (await openEngine(`sqlite:${file}`)).close()
})

it.each([
  ['that is there', true],
  ['that is still to be made', false],
])('refuses a file %s when this process holds it already by another name', async (_, isThere) => {
  const real = join(place.folder, 'real', 'bot.db')
  const link = join(place.folder, 'link.db')
  await mkdir(join(place.folder, 'real'))
  if (isThere) await (await openEngine(`sqlite:${real}`)).close()
  await symlink(join('real', 'bot.db'), link)
  await symlink('real', join(place.folder, 'folder'))
  const engine = await openEngine(`sqlite:${link}`)
  await engine.write(create)
  for (const path of [real, join(place.folder, 'folder', 'bot.db')])
    await expect(openEngine(`sqlite:${path}`)).rejects.toMatchObject({ code: 'DATABASE_LOCKED' })
  await engine.close()
  expect((await stat(`${real}.marker`)).isFile()).toBe(true)
})

it('says that links in a circle lead nowhere', async () => {
  const circle = join(place.folder, 'circle.db')
  await symlink('circle.db', circle)
  await expect(openEngine(`sqlite:${circle}`)).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' })
})

it.each<[string, () => Promise<void>, string]>([
  ['has gone', () => rm(file), 'has gone'],
  ['is empty', () => truncate(file), 'is empty'],
])('does not start anew when a file with data %s', async (_, lose, problem) => {
  const engine = await openEngine(`sqlite:${file}`)
  await engine.write(create)
  await engine.close()
  await lose()
  await expect(openEngine(`sqlite:${file}`)).rejects.toMatchObject({
    code: 'DATABASE_MISSING',
    message: expect.stringContaining(problem),
  })
  await rm(`${file}.marker`)
  await (await openEngine(`sqlite:${file}`)).close()
})

it('starts anew where nothing had been stored yet', async () => {
  await (await openEngine(`sqlite:${file}`)).close()
  await rm(file)
  const engine = await openEngine(`sqlite:${file}`)
  expect((await engine.read({ sql: 'select 1 as one', parameters: [] })).rows).toEqual([{ one: 1 }])
  await engine.close()
})

it('says that a file is no database', async () => {
  await mkdir(dirname(file))
  await writeFile(file, 'nonsense '.repeat(1000))
  await expect(openEngine(`sqlite:${file}`)).rejects.toMatchObject({ code: 'DATABASE_CORRUPT' })
})

it('fails with a full disk, keeps what was written, and goes on when there is room', async () => {
  const engine = await openEngine(`sqlite:${file}`)
  await engine.write(create)
  await engine.read({ sql: 'select 1', parameters: [] })
  const insert = (id: number): Parameters<typeof engine.write>[0] => ({
    sql: 'insert into rows values ($1, $2)',
    parameters: [id, 'x'.repeat(3000)],
  })
  const limit = async (pages: number): Promise<void> => {
    await engine.transaction((transaction) =>
      transaction.run({ sql: `pragma max_page_count = ${pages}`, parameters: [] }),
    )
  }
  await limit(10)
  const outcomes = await Promise.allSettled(Array.from({ length: 30 }, (_, id) => engine.write(insert(id))))
  const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
  expect(reasons.length).toBeGreaterThan(10)
  for (const reason of reasons) expect(reason).toMatchObject({ code: 'DATABASE_FULL', retriable: true })
  const kept = (await engine.read(count)).rows[0]?.['count']
  expect(kept).toBe(30 - reasons.length)
  await limit(1000)
  await engine.write(insert(100))
  await engine.close()
})
