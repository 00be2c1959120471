import { afterEach, describe, expect, it } from 'vitest'

import { type BotProcess, type ProjectFiles, sandboxConfig, TestProject } from './bot-process.ts'

const open: AsyncDisposable[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing[Symbol.asyncDispose]()
})

async function dev(files: ProjectFiles): Promise<{ project: TestProject; bot: BotProcess }> {
  const project = await TestProject.create({ 'bot.config.yaml': sandboxConfig, ...files })
  const bot = project.bot(['dev'])
  open.push(project, bot)
  await bot.expectLog('Watching for changes')
  return { project, bot }
}

const head = `import { definePlugin } from '@mynah/core'
import { t, table } from '@mynah/database'
`

/** Plugins that count what is said to them, one in a key and one in rows. */
function counters(version: string): ProjectFiles {
  return {
    'plugins/keys.ts': `${head}
export default definePlugin({
  name: 'keys',
  inject: ['storage'],
  setup(ctx) {
    ctx.command('key').action(async () => '${version} key ' + (await ctx.storage.increment('said')))
  },
})
`,
    'plugins/rows.ts': `${head}
export default definePlugin({
  name: 'rows',
  inject: ['database'],
  tables: { said: table({ id: t.id() }) },
  setup(ctx) {
    ctx.command('row').action(async () => {
      const insert = ctx.database.insertInto('said').defaultValues().returning('id')
      return '${version} row ' + (await insert.executeTakeFirstOrThrow()).id
    })
  },
})
`,
  }
}

/** A plugin that shows a row of its table, which has more columns than its key. */
function purse(columns: string, answer: string, more = ''): ProjectFiles {
  return {
    'plugins/purse.ts': `${head}
export default definePlugin({
  name: 'purse',
  inject: ['database'],
  tables: { purses: table({ owner: t.text().primaryKey(), ${columns} }) },
  ${more}
  setup(ctx) {
    ctx.command('purse').action(async ({ session: { user } }) => {
      const purse = await ctx.database
        .insertInto('purses')
        .values({ owner: user.id })
        .onConflict((conflict) => conflict.column('owner').doUpdateSet({ owner: user.id }))
        .returningAll()
        .executeTakeFirstOrThrow()
      return ${answer}
    })
  },
})
`,
  }
}

describe('data while plugins are reloaded', () => {
  it('counts every message once, whichever version of the plugin handles it', async () => {
    const { project, bot } = await dev(counters('old'))
    const said = { key: 0, row: 0 }
    const say = (what: 'key' | 'row'): void => {
      said[what] += 1
      bot.say(`/${what}`)
    }
    for (let ahead = 0; ahead < 8; ahead += 1) say(ahead % 2 === 0 ? 'key' : 'row')
    await project.write(counters('new'))
    const replies: string[] = []
    while (!['new key', 'new row'].every((words) => replies.some((reply) => reply.startsWith(words)))) {
      const reply = await bot.nextReply()
      replies.push(reply)
      say(reply.includes('key') ? 'key' : 'row')
    }
    while (replies.length < said.key + said.row) replies.push(await bot.nextReply())
    expect(replies).toContainEqual(expect.stringMatching('^old'))
    for (const what of ['key', 'row'] as const) {
      const counts = replies
        .filter((reply) => reply.includes(what))
        .map((reply) => Number(reply.split(' ')[2]))
      expect(counts.toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: said[what] }, (_, index) => index + 1),
      )
    }
  })

  it('takes a new column in, and refuses a change that could lose data until there is a step', async () => {
    const { project, bot } = await dev(purse('coins: t.int().default(7)', 'purse.coins'))
    await bot.ask('/purse', '7')
    await project.write(
      purse('coins: t.int().default(7), level: t.int().default(1)', '`${purse.coins} ${purse.level}`'),
    )
    await bot.expectLog('reloaded purse')
    await bot.ask('/purse', '7 1')

    const renamed = 'money: t.int().default(0), level: t.int().default(1)'
    await project.write(purse(renamed, '`money ${purse.money}`'))
    const { msg } = await bot.expectLog('purse was not reloaded')
    expect(msg).toContain('"purses.coins"')
    expect(msg).toContain('migrations: {')
    await bot.ask('/purse', '7 1')

    const step = "2: (db) => db.schema.alterTable('purses').renameColumn('coins', 'money').execute()"
    await project.write(purse(renamed, '`money ${purse.money}`', `migrations: { ${step} },`))
    await bot.expectLog('reloaded purse')
    await bot.ask('/purse', 'money 7')
  })
})
