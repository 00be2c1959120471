/** How fast, how exact and how clean a reload is, under load. */
import { once } from 'node:events'

import { Chat, type Exchange } from './chat.ts'
import type { Contender, Edit } from './contender.ts'
import { Koishi } from './koishi.ts'
import { Mynah } from './mynah.ts'

const edits = Number(process.env['BENCH_EDITS'] ?? 500)
const perSecond = 50
/** A version that is not seen for so long is counted as never answered. */
const giveUpMs = 3000

interface Series {
  /** From saving a version to the first answer of it, in ms, sorted. */
  readonly latencies: number[]
  readonly asked: number
  readonly lost: number
  readonly doubled: number
  /** Answers of an old version after one of a newer version had been given. */
  readonly stale: number
  /** Bytes of heap kept for each reload after a forced collection. */
  readonly keptPerReload: number
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

async function heapOf(chat: Chat): Promise<number> {
  await chat.question('/heap')
  return Number(await chat.question('/heap'))
}

async function series(contender: Contender, chat: Chat, kind: Edit, from: number): Promise<Series> {
  const question = `/${kind}`
  const savedAt = new Map<number, number>()
  for (let warmUp = 1; warmUp <= 20; warmUp += 1) {
    await contender.edit(kind, from + warmUp)
    await untilAnswered(chat, question, from + warmUp)
  }
  const heapBefore = await heapOf(chat)
  chat.exchanges.clear()
  const timer = setInterval(() => chat.ask(question), 1000 / perSecond)
  const first = from + 21
  for (let version = first; version < first + edits; version += 1) {
    savedAt.set(version, performance.now())
    await contender.edit(kind, version)
    await answered(chat, question, version)
    await pause(Math.random() * 20)
  }
  clearInterval(timer)
  await pause(500)
  const exchanges = Array.from(chat.exchanges.values()).filter((exchange) => exchange.question === question)
  const keptPerReload = ((await heapOf(chat)) - heapBefore) / edits
  return { ...judge(exchanges, savedAt), keptPerReload }
}

/** Asks until a version answers, or for at most {@link giveUpMs}. */
async function untilAnswered(chat: Chat, question: string, version: number): Promise<void> {
  const end = performance.now() + giveUpMs
  while (performance.now() < end) {
    const answer = await Promise.race([chat.question(question), pause(200)])
    if (Number(answer) === version) return
    await pause(1)
  }
}

/** Waits until a message of the load was answered by a version, at most {@link giveUpMs}. */
async function answered(chat: Chat, question: string, version: number): Promise<void> {
  const end = performance.now() + giveUpMs
  while (performance.now() < end) {
    for (const exchange of Array.from(chat.exchanges.values()).slice(-20)) {
      if (exchange.question === question && Number(exchange.answers[0]) >= version) return
    }
    await pause(1)
  }
}

function judge(
  exchanges: readonly Exchange[],
  savedAt: ReadonlyMap<number, number>,
): Omit<Series, 'keptPerReload'> {
  const inOrder = exchanges
    .filter(({ answers }) => answers.length > 0)
    .toSorted((a, b) => a.answeredAt - b.answeredAt)
  const firstAnswer = new Map<number, number>()
  let newest = 0
  let stale = 0
  for (const { answers, answeredAt } of inOrder) {
    const version = Number(answers[0])
    if (version < newest) stale += 1
    newest = Math.max(newest, version)
    if (!firstAnswer.has(version)) firstAnswer.set(version, answeredAt)
  }
  const latencies = Array.from(savedAt, ([version, at]) => (firstAnswer.get(version) ?? Number.NaN) - at)
  return {
    latencies: latencies.filter((latency) => !Number.isNaN(latency)).toSorted((a, b) => a - b),
    asked: exchanges.length,
    lost: exchanges.filter(({ answers }) => answers.length === 0).length,
    doubled: exchanges.filter(({ answers }) => answers.length > 1).length,
    stale,
  }
}

/** During a broken save every message has to be answered by the old version. */
async function brokenSave(contender: Contender, chat: Chat): Promise<string> {
  await contender.edit('leaf', 1)
  await untilAnswered(chat, '/leaf', 1)
  await contender.breakIt()
  let answeredByOld = 0
  for (let count = 0; count < 50; count += 1) {
    const answer = await Promise.race([chat.question('/leaf'), pause(200)])
    if (answer === '1') answeredByOld += 1
    await pause(10)
  }
  return `${answeredByOld} of 50`
}

interface Result {
  readonly name: string
  readonly leaf: Series
  readonly heavy: Series
  readonly broken: string
}

async function measure(contender: Contender): Promise<Result> {
  const chat = await Chat.start()
  const bot = await contender.start(chat)
  try {
    await untilAnswered(chat, '/leaf', 0)
    const leaf = await series(contender, chat, 'leaf', 0)
    const heavy = await series(contender, chat, 'heavy', 0)
    return { name: contender.name, leaf, heavy, broken: await brokenSave(contender, chat) }
  } finally {
    const exited = once(bot, 'exit')
    bot.kill('SIGTERM')
    setTimeout(() => bot.kill('SIGKILL'), 3000).unref()
    await exited
    await chat.close()
    await contender.remove()
  }
}

const at = (values: readonly number[], share: number): string =>
  (values[Math.floor(values.length * share)] ?? Number.NaN).toFixed(1)

const results = [await measure(await Mynah.create())]
if (process.env['BENCH_ALONE'] === undefined) results.push(await measure(await Koishi.create()))

const columns = results.flatMap(({ name, leaf, heavy }) => [
  { title: `${name}: leaf of 30 modules`, series: leaf },
  { title: `${name}: module with 10 MB`, series: heavy },
])
console.log(`${edits} edits under ${perSecond} messages/s\n`)
console.log(`| figure | ${columns.map(({ title }) => title).join(' | ')} | goal |`)
console.log(`| --- | ${columns.map(() => '---:').join(' | ')} | --- |`)
const row = (label: string, value: (series: Series) => string, goal: string): void =>
  console.log(`| ${label} | ${columns.map((column) => value(column.series)).join(' | ')} | ${goal} |`)
row('save to first new answer, p50', ({ latencies }) => `${at(latencies, 0.5)} ms`, 'leaf at most 25 ms')
row('save to first new answer, p95', ({ latencies }) => `${at(latencies, 0.95)} ms`, 'leaf at most 50 ms')
row('versions that were answered', ({ latencies }) => String(latencies.length), String(edits))
row('messages asked', ({ asked }) => String(asked), '')
row('lost / doubled / stale', ({ lost, doubled, stale }) => `${lost} / ${doubled} / ${stale}`, '0 / 0 / 0')
row('heap kept a reload', ({ keptPerReload }) => `${(keptPerReload / 1024).toFixed(2)} KiB`, 'at most 8 KB')
console.log('')
for (const { name, broken } of results)
  console.log(`${name}, during a broken save: ${broken} answered by the old version`)
process.exit()
