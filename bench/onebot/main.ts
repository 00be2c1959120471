/** Mynah against the smallest program that does the same, alternating in one run. */
import { installSize } from './install-size.ts'
import { percentile } from './platform.ts'
import { mynah, type Program, raw, Running } from './program.ts'

interface Figures {
  readonly repliesPerSecond: number
  readonly cpuPer1000: number
  readonly p50: number
  readonly p99: number
  readonly startup: number
  readonly memory: number
}

const rounds = Number(process.env['BENCH_ROUNDS'] ?? 3)
const total = 100_000

async function measure(program: Program): Promise<Figures> {
  const running = await Running.start(program)
  try {
    await running.platform.closedLoop(5000, 64)
    const cpuBefore = await running.cpuSeconds()
    const load = await running.platform.closedLoop(total, 64)
    const cpu = (await running.cpuSeconds()) - cpuBefore
    const memory = await running.residentMiB()
    const steady = await running.platform.openLoop(5000, 500)
    return {
      repliesPerSecond: load.replies / load.seconds,
      cpuPer1000: (cpu / total) * 1000 * 1000,
      p50: percentile(steady.latencies, 0.5),
      p99: percentile(steady.latencies, 0.99),
      startup: running.startupMs,
      memory,
    }
  } finally {
    await running.stop()
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

const results: Record<string, Figures[]> = { raw: [], mynah: [] }
for (let round = 0; round < rounds; round += 1) {
  results['raw']?.push(await measure(raw))
  results['mynah']?.push(await measure(mynah))
}

const rows: [string, keyof Figures, string, string][] = [
  ['replies/s, 64 outstanding', 'repliesPerSecond', '/s', 'at least 0.4'],
  ['CPU per 1,000 messages', 'cpuPer1000', 'ms', ''],
  ['p50 at 500/s', 'p50', 'ms', ''],
  ['p99 at 500/s', 'p99', 'ms', 'at most 3'],
  ['spawn to first answer', 'startup', 'ms', 'at most 5'],
  ['RSS after 100,000 messages', 'memory', 'MiB', 'at most 2.5'],
]
console.log(
  `| figure (median of ${rounds}) | raw ws | mynah | ratio | goal |\n| --- | ---: | ---: | ---: | --- |`,
)
for (const [label, key, unit, goal] of rows) {
  const [a, b] = [
    median((results['raw'] ?? []).map((figures) => figures[key])),
    median((results['mynah'] ?? []).map((figures) => figures[key])),
  ]
  console.log(
    `| ${label} | ${a.toFixed(2)} ${unit} | ${b.toFixed(2)} ${unit} | ${(b / a).toFixed(2)} | ${goal} |`,
  )
}
const bot = ['@mynah/adapter-onebot', '@mynah/cli', '@mynah/core']
const rawSize = installSize(['ws'])
const installs: [string, readonly string[]][] = [
  ['install size', bot],
  ['install size with a database', [...bot, '@mynah/database']],
  ['the same where Node brings no SQLite', [...bot, '@mynah/database', '@photostructure/sqlite']],
]
for (const [label, names] of installs) {
  const size = installSize(names)
  console.log(
    `| ${label} | ${rawSize.toFixed(2)} MiB | ${size.toFixed(2)} MiB | ${(size / rawSize).toFixed(0)} | |`,
  )
}
process.exit()
