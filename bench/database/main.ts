/** What a database does in a second, and what that costs a bot, alternating in one process. */
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'

import { App, createLogger, definePlugin } from '@mynah/core'
import database, { type Storage } from '@mynah/database'
import { openEngine } from '@mynah/database/engine'

import { median, rateOf } from './measure.ts'
import { betterSqlite, engineSubject, mainThread, type Subject } from './subjects.ts'

const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5)
const roundMs = 1000
const many = 64
const postgresUrl = process.env['BENCH_POSTGRES'] ?? 'postgres://postgres@127.0.0.1:5432/test'
const sqliteName = 'SQLite engine'
const goals = { writesRatio: 8, loopP99: 15, openMs: 60 }

const figures = new Map<string, number[]>()

function note(name: string, value: number): void {
  const values = figures.get(name)
  if (values === undefined) figures.set(name, [value])
  else values.push(value)
}

const valueOf = (name: string): number => median(figures.get(name) ?? [])

async function measureOpening(folder: string): Promise<void> {
  const url = `sqlite:${join(folder, 'opened.db')}`
  await (await openEngine(url)).close()
  for (let round = 0; round < 3 * rounds; round += 1) {
    const before = process.memoryUsage.rss()
    const start = performance.now()
    const engine = await openEngine(url)
    await engine.read({ sql: 'select 1', parameters: [] })
    note('opening', performance.now() - start)
    // Beside a transaction the second thread reads, which has started then.
    await engine.transaction(() => engine.read({ sql: 'select 1', parameters: [] }))
    // Only the first two threads are new to the process; later ones use what these have left.
    if (round === 0) note('rss', (process.memoryUsage.rss() - before) / 2 ** 20)
    await engine.close()
    const startOfEmpty = performance.now()
    await once(new Worker('', { eval: true }), 'online')
    note('empty thread', performance.now() - startOfEmpty)
  }
}

async function measureSubject(subject: Subject): Promise<void> {
  const { name } = subject
  const alone = await rateOf(1, roundMs, (key) => subject.write(key))
  note(`${name} · 1`, alone.perSecond)
  const together = await rateOf(many, roundMs, (key) => subject.write(key))
  note(`${name} · 64`, together.perSecond)
  note(`${name} · p99`, together.loopP99)
  note(`${name} · reads`, (await rateOf(many, roundMs, (key) => subject.read(key))).perSecond)
}

async function measureStorage(storage: Storage): Promise<void> {
  note('increments', (await rateOf(many, roundMs, (key) => storage.increment(key))).perSecond)
  note('hot reads', (await rateOf(many, roundMs, (key) => storage.get(key))).perSecond)
}

/** Storage as a plugin has it. */
async function startStorage(folder: string): Promise<{ app: App; storage: Storage }> {
  const app = new App({ logger: createLogger({ level: 'error' }) })
  let found: Storage | undefined
  app.plugin(database, `sqlite:${join(folder, 'storage.db')}`)
  app.plugin(
    definePlugin({
      name: 'bench',
      inject: ['storage'],
      setup(ctx) {
        found = ctx.storage
      },
    }),
  )
  await app.start()
  if (found === undefined) throw new Error('The plugin has not started.')
  return { app, storage: found }
}

async function findSubjects(folder: string): Promise<Subject[]> {
  const subjects = [
    await engineSubject(sqliteName, `sqlite:${join(folder, 'engine.db')}`),
    mainThread(folder),
  ]
  const better = betterSqlite(folder)
  if (better === undefined) console.log('better-sqlite3 is not installed, so it is left out.')
  else subjects.push(better)
  try {
    subjects.push(await engineSubject('PostgreSQL', postgresUrl))
  } catch {
    console.log('There is no PostgreSQL (BENCH_POSTGRES says where), so it is left out.')
  }
  return subjects
}

function print(names: readonly string[]): void {
  const whole = (name: string): string => valueOf(name).toFixed(0)
  const rows = names.map(
    (name) =>
      `| ${name} | ${whole(`${name} · 1`)} /s | ${whole(`${name} · 64`)} /s | ` +
      `${valueOf(`${name} · p99`).toFixed(1)} ms | ${whole(`${name} · reads`)} /s |`,
  )
  console.log(`
| durable upserts (median of ${rounds}) | 1 client | 64 clients | loop delay p99 | reads of a row |
| --- | ---: | ---: | ---: | ---: |
${rows.join('\n')}

| storage | all |
| --- | ---: |
| increments of 64 clients | ${whole('increments')} /s |
| reads of hot keys | ${whole('hot reads')} /s |
| opening a file, to the first row that is read | ${valueOf('opening').toFixed(1)} ms |
| of that, the start of a thread that does nothing | ${valueOf('empty thread').toFixed(1)} ms |
| memory of both threads | ${valueOf('rss').toFixed(1)} MB |
`)
}

/** @returns Whether all goals were reached. */
function judge(main: string): boolean {
  const ratio = valueOf(`${sqliteName} · 64`) / valueOf(`${main} · 64`)
  const p99 = valueOf(`${sqliteName} · p99`)
  const opening = valueOf('opening')
  console.log(`64 clients: ${ratio.toFixed(1)} × the main thread (goal: at least ${goals.writesRatio})
loop delay p99 ${p99.toFixed(1)} ms (goal: below ${goals.loopP99} ms)
opening ${opening.toFixed(1)} ms (goal: below ${goals.openMs} ms)`)
  return ratio >= goals.writesRatio && p99 < goals.loopP99 && opening < goals.openMs
}

const folder = await mkdtemp(join(tmpdir(), 'mynah-bench-'))
await measureOpening(folder)
const subjects = await findSubjects(folder)
const { app, storage } = await startStorage(folder)
for (let round = 0; round < rounds; round += 1) {
  for (const subject of subjects) await measureSubject(subject)
  await measureStorage(storage)
}
await app.stop()
for (const subject of subjects) await subject.close()
await rm(folder, { recursive: true, force: true })

print(subjects.map(({ name }) => name))
process.exitCode = judge('same driver, main thread') ? 0 : 1
const json = process.env['BENCH_JSON']
if (json !== undefined) {
  const medians = Object.fromEntries(Array.from(figures.keys(), (name) => [name, valueOf(name)]))
  await writeFile(json, `${JSON.stringify(medians, undefined, 2)}\n`)
}
