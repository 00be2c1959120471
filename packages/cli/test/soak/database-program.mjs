/**
 * A bot with three accounts and many clients who store things, written so that its tests may kill it at any moment. What
 * was acknowledged stands in the file `acks`, line by line: what the kernel has outlives the process.
 */
import { openSync, renameSync, writeFileSync, writeSync } from 'node:fs'

import kook from '@mynah/adapter-kook'
import onebot from '@mynah/adapter-onebot'
import qq from '@mynah/adapter-qq'
import { App, createLogger, definePlugin } from '@mynah/core'
import database, { t, table } from '@mynah/database'

const { run, clients, channels, adapters } = JSON.parse(process.argv[2])
const acks = openSync('acks', 'a')
const acknowledge = (...words) => writeSync(acks, `${words.join(' ')}\n`)

const rows = table({ id: t.text().primaryKey(), pair: t.text() })

const app = new App({ logger: createLogger({ level: 'warn' }) })
app.plugin(database, 'sqlite:data/bot.db')
app.plugin(
  definePlugin({
    name: 'work',
    inject: ['database', 'storage', 'outbox'],
    tables: { rows },
    setup(ctx) {
      ctx.on('message-created', ({ text }) => ctx.storage.increment(`event:${text}`))
      void work(ctx)
    },
  }),
)
app.plugin(onebot, adapters.onebot)
app.plugin(qq, adapters.qq)
app.plugin(kook, adapters.kook)
await app.start()
process.once('SIGTERM', () => void app.stop())

async function work(ctx) {
  const isOnline = () => ctx.bots.size === 3 && [...ctx.bots].every(({ status }) => status === 'online')
  while (!isOnline()) await new Promise((resolve) => ctx.setTimeout(resolve, 5))
  process.stderr.write('ready\n')
  if (clients === 0) ctx.setInterval(() => report(ctx), 50)
  for (let client = 0; client < clients; client += 1) void write(ctx, client)
}

async function write(ctx, client) {
  const bot = [...ctx.bots].find(({ platform }) => platform === 'onebot')
  for (let n = 1; ; n += 1) {
    const id = `${run}:${client}:${n}`
    await ctx.storage.increment(`count:${client}`)
    acknowledge('count', client)
    if (n === 1) await send(bot, client)
    const [a, b] = [`${id}a`, `${id}b`]
    const pair = [
      { id: a, pair: b },
      { id: b, pair: a },
    ]
    if (client % 8 > 0) await ctx.database.insertInto('rows').values(pair).execute()
    else
      await ctx.database.transaction().execute(async (tx) => {
        for (const row of pair) await tx.insertInto('rows').values(row).execute()
      })
    acknowledge('row', a)
    acknowledge('row', b)
  }
}

async function send(bot, client) {
  const text = `m:${run}:${client}.`
  const options = { durable: true, key: text, expiresIn: '1h' }
  const receipt = await bot.sendMessage(channels[client % channels.length], text, options)
  if (receipt.status === 'stored') acknowledge('message', text)
}

/** What there is after all. */
async function report(ctx) {
  const found = { rows: await ctx.database.selectFrom('rows').selectAll().execute(), keys: [], dead: [] }
  let next
  do {
    const page = await ctx.storage.entries({ next, limit: 1000 })
    found.keys.push(...page.data.map(({ key, value }) => [key, value]))
    next = page.next
  } while (next !== undefined)
  found.dead = (await ctx.outbox.list({ limit: 100_000 })).map(({ key, state }) => [key, state])
  writeFileSync('report.part', JSON.stringify(found))
  renameSync('report.part', 'report.json')
}
