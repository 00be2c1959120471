import type { Clock } from '@mynah/core'
import type {
  JournalEntry,
  JournalProgress,
  JournalRecord,
  JournalTotals,
  MessageJournal,
} from '@mynah/core/adapter'

import type { Engine } from '../engine/engine.ts'
import { OpenedTable, sweepLimit } from '../engine/own-table.ts'
import {
  dead,
  entryOf,
  find,
  insert,
  outboxTable,
  recordOf,
  remove,
  sweepMany,
  sweepOld,
  totals,
  totalsOf,
  untold,
  update,
  waiting,
} from './rows.ts'

/** How long what has ended is kept, in ms. */
const keptMs = 7 * 24 * 3_600_000

/** How many dead letters are kept, and their bytes together. */
const maxDead = 10_000
const maxDeadBytes = 100 * 1024 * 1024

/** Durable messages in a table, which is made when it is first used. */
export class DatabaseJournal implements MessageJournal {
  readonly #table: OpenedTable
  readonly #clock: Clock

  constructor(engine: Engine, clock: Clock) {
    this.#table = new OpenedTable(engine, outboxTable)
    this.#clock = clock
  }

  async add(record: JournalRecord): Promise<JournalRecord | undefined> {
    const engine = await this.#table.open()
    const [result] = await engine.write(insert(record))
    return result?.changes === 1 ? undefined : this.find(record.message.key)
  }

  async find(key: string): Promise<JournalRecord | undefined> {
    const engine = await this.#table.open()
    const { rows } = await engine.read(find(key))
    return rows[0] && recordOf(rows[0])
  }

  async waiting(bot: string): Promise<JournalEntry[]> {
    if (this.#table.isEmpty) return []
    const engine = await this.#table.open()
    return (await engine.read(waiting(bot))).rows.map(entryOf)
  }

  async untold(bot: string): Promise<string[]> {
    if (this.#table.isEmpty) return []
    const engine = await this.#table.open()
    return (await engine.read(untold(bot))).rows.map((row) => String(row['key']))
  }

  async dead(limit: number): Promise<JournalRecord[]> {
    if (this.#table.isEmpty) return []
    const engine = await this.#table.open()
    return (await engine.read(dead(limit))).rows.map(recordOf)
  }

  async totals(): Promise<JournalTotals> {
    if (this.#table.isEmpty) return totalsOf(undefined)
    const engine = await this.#table.open()
    return totalsOf((await engine.read(totals)).rows[0])
  }

  async save(key: string, progress: JournalProgress): Promise<void> {
    const engine = await this.#table.open()
    await engine.write(update(key, progress))
  }

  async remove(key: string): Promise<void> {
    const engine = await this.#table.open()
    await engine.write(remove(key))
  }

  /** Deletes what ended long ago, and dead letters past their limit. Does nothing while nobody has stored anything. */
  async sweep(): Promise<void> {
    const engine = await this.#table.ready
    if (engine === undefined) return
    await engine.write(sweepMany(maxDead, maxDeadBytes))
    await this.#table.sweep(() => sweepOld(this.#clock.now() - keptMs, sweepLimit))
  }
}
