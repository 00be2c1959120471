/** How fast, how exact and how clean a reload is, under load. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import { Chat, type Exchange } from './chat.ts'
import { BenchProject, type Edit } from './project.ts'

const edits = Number(process.env['BENCH_EDITS'] ?? 500)
const perSecond = 50
const bin = fileURLToPath(new URL('../node_modules/@mynah/cli/dist/bin.js', import.meta.url))

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

async function startBot(project: BenchProject, chat: Chat): Promise<ChildProcess> {
  const connected = chat.connected()
  const child = spawn(process.execPath, ['--expose-gc', bin, 'dev', '--cwd', project.root], {
    stdio: ['ignore', 'ignore', process.env['BENCH_LOG'] === undefined ? 'ignore' : 'inherit'],
    env: { ...process.env, ONEBOT_URL: chat.url },
  })
  await connected
  await chat.question('/leaf')
  return child
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

async function heapOf(chat: Chat): Promise<number> {
  await chat.question('/heap')
  return Number(await chat.question('/heap'))
}

async function series(project: BenchProject, chat: Chat, kind: Edit, from: number): Promise<Series> {
  const question = `/${kind}`
  const savedAt = new Map<number, number>()
  for (let warmUp = 1; warmUp <= 20; warmUp += 1) {
    await project.edit(kind, from + warmUp)
    while (Number(await chat.question(question)) !== from + warmUp) await pause(1)
  }
  const heapBefore = await heapOf(chat)
  chat.exchanges.clear()
  const timer = setInterval(() => chat.ask(question), 1000 / perSecond)
  const first = from + 21
  for (let version = first; version < first + edits; version += 1) {
    savedAt.set(version, performance.now())
    await project.edit(kind, version)
    await answered(chat, question, version)
    await pause(Math.random() * 20)
  }
  clearInterval(timer)
  await pause(500)
  const exchanges = Array.from(chat.exchanges.values()).filter((exchange) => exchange.question === question)
  const keptPerReload = ((await heapOf(chat)) - heapBefore) / edits
  return { ...judge(exchanges, savedAt), keptPerReload }
}

/** Waits until a message of the load was answered by a version. */
async function answered(chat: Chat, question: string, version: number): Promise<void> {
  for (;;) {
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
async function brokenSave(project: BenchProject, chat: Chat): Promise<string> {
  await project.edit('leaf', 1)
  while ((await chat.question('/leaf')) !== '1') await pause(1)
  await project.breakIt()
  const answers: string[] = []
  for (let count = 0; count < 50; count += 1) {
    answers.push(await chat.question('/leaf'))
    await pause(10)
  }
  return `${answers.filter((answer) => answer === '1').length} of ${answers.length} answered by the old version`
}

const project = await BenchProject.create()
const chat = await Chat.start()
const bot = await startBot(project, chat)
try {
  const leafs = await series(project, chat, 'leaf', 0)
  const heavies = await series(project, chat, 'heavy', 0)
  const at = (values: readonly number[], share: number): string =>
    (values[Math.floor(values.length * share)] ?? Number.NaN).toFixed(1)
  console.log(
    `| figure (${edits} edits under ${perSecond} messages/s) | leaf of 30 modules | module with 10 MB | goal |\n| --- | ---: | ---: | --- |`,
  )
  const row = (label: string, value: (series: Series) => string, goal: string): void =>
    console.log(`| ${label} | ${value(leafs)} | ${value(heavies)} | ${goal} |`)
  row('save to first new answer, p50', ({ latencies }) => `${at(latencies, 0.5)} ms`, 'leaf at most 25 ms')
  row('save to first new answer, p95', ({ latencies }) => `${at(latencies, 0.95)} ms`, 'leaf at most 50 ms')
  row('messages asked', ({ asked }) => String(asked), '')
  row('lost / doubled / stale', ({ lost, doubled, stale }) => `${lost} / ${doubled} / ${stale}`, '0 / 0 / 0')
  row('heap kept a reload', ({ keptPerReload }) => `${(keptPerReload / 1024).toFixed(2)} KiB`, 'at most 8 KB')
  console.log(`\nBroken save: ${await brokenSave(project, chat)}`)
} finally {
  const exited = once(bot, 'exit')
  bot.kill('SIGTERM')
  await exited
  await chat.close()
  await project.remove()
}
