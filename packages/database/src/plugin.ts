import {
  type ConfigInput,
  definePlugin,
  perPlugin,
  type Plugin,
  type ServiceHolder,
  type StoredMessages,
  z,
} from '@mynah/core'
import type { Kysely } from 'kysely'

import { parseAddress } from './engine/address.ts'
import { LazyEngine } from './engine/lazy-engine.ts'
import { Folders } from './folders.ts'
import { DatabaseJournal } from './outbox/journal.ts'
import type { Storage } from './storage/storage.ts'
import { isNewFile } from './sqlite/new-file.ts'
import { StorageService } from './storage/storage-service.ts'
import { TablesService } from './tables/tables-service.ts'
import type { Migrations } from './tables/migrate/steps.ts'
import type { DB, Tables } from './tables/table.ts'

declare module '@mynah/core' {
  interface Services {
    /** Queries on the tables that the plugin declares. */
    database: Kysely<DB<Tables>>
    /** Keys that stay, of the plugin alone. */
    storage: Storage
    /** Durable messages that could not be delivered. */
    outbox: StoredMessages
  }

  interface DeclaredServices<_D> {
    database: Kysely<DB<_D extends Tables ? _D : {}>>
  }

  interface Declarations<_D> {
    /** Tables that the plugin keeps, by name; they are there when `setup` runs. */
    readonly tables?: _D & Tables
    /** What changes tables in ways that could lose data, by number from 2. */
    readonly migrations?: Migrations
  }
}

/** Where the data of the bot is. */
export interface DatabaseConfig {
  /** `sqlite:` with a path, or `postgres://user:password@host:5432/database`. @defaultValue 'sqlite:data/bot.db' */
  url: string
  /** In `development`, tables and columns without any value go with their declaration. @defaultValue 'production' */
  mode: 'development' | 'production'
}

/** What may be written for {@link DatabaseConfig}: the address alone, too. */
export type DatabaseInput = string | ConfigInput<DatabaseConfig>

const defaultUrl = 'sqlite:data/bot.db'

const config: z.ZodType<DatabaseConfig, DatabaseInput> = z.preprocess(
  (written) => (typeof written === 'string' ? { url: written } : written),
  z.object({
    url: z.string().default(defaultUrl).describe('Where the data is: sqlite:data/bot.db, or postgres://…'),
    mode: z
      .enum(['development', 'production'])
      .default('production')
      .describe('In development, tables and columns without any value go with their declaration'),
  }),
)

/** What is over is deleted so often, in ms. */
const sweepMs = 10 * 60_000

/**
 * Provides `ctx.database`, tables that a plugin declares, `ctx.storage`, keys that stay, and `ctx.outbox`, durable
 * messages that could not be delivered. Nothing is opened before somebody asks.
 */
const plugin: Plugin<DatabaseInput> = definePlugin({
  name: 'database',
  config,
  provides: ['database', 'storage', 'outbox'],
  setup(ctx, { url, mode }) {
    const root = process.cwd()
    const address = parseAddress(url, root)
    const engine = new LazyEngine({
      ...address,
      isNew: () => address.kind === 'sqlite' && isNewFile(address.place),
      async open(nesting) {
        const { openAddress } = await import('./engine/open.ts')
        const opened = await openAddress(address, nesting)
        ctx.logger.info(`Opened ${opened.place}`)
        return opened
      },
    })
    const folders = new Folders(engine, root)
    ctx.effect(() => () => folders.close(), 'folders of plugins')
    ctx.effect(() => () => engine.close(), 'database')
    const storage = new StorageService(engine, ctx.clock, (owner) => folders.of(owner))
    const tell = (line: string): void => ctx.logger.info(line)
    const tables = new TablesService(engine, mode, tell, async (plugin) => {
      const { copyBefore } = await import('./backup/copy-before.ts')
      await copyBefore(address, root, plugin, tell)
    })
    const prepare = (holder: ServiceHolder): Promise<void> => tables.prepare(holder)
    ctx.provide('database', perPlugin({ prepare, create: (holder) => tables.of(holder) }))
    ctx.provide('storage', perPlugin({ create: ({ name }) => storage.of(name) }))
    const journal = new DatabaseJournal(engine, ctx.clock)
    ctx.setInterval(() => Promise.all([storage.sweep(), journal.sweep()]), sweepMs)
    ctx.provide('outbox', ctx.keepMessages(journal))
  },
})

export default plugin
