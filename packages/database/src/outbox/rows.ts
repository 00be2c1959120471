import type { JournalEntry, JournalProgress, JournalRecord, JournalTotals } from '@mynah/core/adapter'

import type { Row, Statement } from '../engine/engine.ts'
import type { OwnTable } from '../engine/own-table.ts'
import { plainStatement } from '../engine/plain-statement.ts'

/** Stored messages. */
export const outboxTable: OwnTable = {
  name: 'mynah_outbox',
  columns: {
    key: 'text',
    bot: 'text',
    channel_id: 'text',
    message: 'text',
    parts: 'text',
    bytes: 'bigint',
    state: 'text',
    sort_order: 'bigint',
    expires_at: 'bigint',
    settled_at: 'bigint',
    is_told: 'bigint',
    progress: 'text',
  },
  declare(kind) {
    const text = kind === 'postgres' ? 'text collate "C"' : 'text'
    return [
      `create table if not exists mynah_outbox (key ${text} primary key, bot ${text} not null, channel_id ${text} not null, message text not null, parts text not null, bytes bigint not null, state ${text} not null, sort_order bigint not null, expires_at bigint not null, settled_at bigint, is_told bigint not null, progress text not null)`,
      'create index if not exists mynah_outbox_bot on mynah_outbox (bot, state, sort_order)',
      'create index if not exists mynah_outbox_end on mynah_outbox (settled_at)',
    ].map(plainStatement)
  },
}

const columns = 'message, parts, progress'

/** Adds a message unless there is one of its key: it changes no row then. */
export function insert({ message: { parts, ...message }, progress }: JournalRecord): Statement {
  const { key, bot, channelId, bytes } = message
  return {
    sql: 'insert into mynah_outbox (key, bot, channel_id, message, parts, bytes, state, sort_order, expires_at, settled_at, is_told, progress) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (key) do nothing',
    parameters: [
      key,
      bot,
      channelId,
      JSON.stringify(message),
      JSON.stringify(parts),
      bytes,
      ...progressParameters(progress),
    ],
  }
}

/** Notes how far a message is. What has been delivered needs its content no more. */
export function update(key: string, progress: JournalProgress): Statement {
  const content = progress.state === 'delivered' ? ", parts = '[]'" : ''
  return {
    sql: `update mynah_outbox set state = $2, sort_order = $3, expires_at = $4, settled_at = $5, is_told = $6, progress = $7${content} where key = $1`,
    parameters: [key, ...progressParameters(progress)],
  }
}

function progressParameters(progress: JournalProgress): Statement['parameters'] {
  const { state, order, expiresAt, settledAt = null, isTold } = progress
  return [state, order, expiresAt, settledAt, isTold ? 1 : 0, JSON.stringify(progress)]
}

/** Finds one message. */
export function find(key: string): Statement {
  return { sql: `select ${columns} from mynah_outbox where key = $1`, parameters: [key] }
}

/** Finds what waits for a bot, in order. */
export function waiting(bot: string): Statement {
  return {
    sql: "select key, channel_id, expires_at from mynah_outbox where bot = $1 and state in ('stored', 'trying') order by sort_order",
    parameters: [bot],
  }
}

/** Finds what has ended and was not told. */
export function untold(bot: string): Statement {
  return {
    sql: "select key from mynah_outbox where bot = $1 and state not in ('stored', 'trying') and is_told = 0 order by sort_order",
    parameters: [bot],
  }
}

/** Finds dead letters, newest first. */
export function dead(limit: number): Statement {
  return {
    sql: `select ${columns} from mynah_outbox where state in ('in-doubt', 'failed', 'expired') order by settled_at desc, sort_order desc limit $1`,
    parameters: [limit],
  }
}

/** Counts what waits. */
export const totals: Statement = {
  sql: "select count(case when state in ('stored', 'trying') then 1 end) as messages, coalesce(sum(case when state in ('stored', 'trying') then bytes else 0 end), 0) as bytes, coalesce(max(sort_order), 0) as last_order from mynah_outbox",
  parameters: [],
}

/** Takes a message away. */
export function remove(key: string): Statement {
  return { sql: 'delete from mynah_outbox where key = $1', parameters: [key] }
}

/** Deletes some of what ended before a moment. */
export function sweepOld(before: number, limit: number): Statement {
  return {
    sql: 'delete from mynah_outbox where key in (select key from mynah_outbox where settled_at <= $1 limit $2)',
    parameters: [before, limit],
  }
}

/** Deletes the oldest dead letters past a number of them, or past a number of bytes. */
export function sweepMany(maxCount: number, maxBytes: number): Statement {
  const newest = 'over (order by settled_at desc, sort_order desc)'
  return {
    sql: `delete from mynah_outbox where key in (select key from (select key, row_number() ${newest} as place, sum(bytes) ${newest} as total from mynah_outbox where state in ('in-doubt', 'failed', 'expired')) as ranked where place > $1 or total > $2)`,
    parameters: [maxCount, maxBytes],
  }
}

/** Reads a row of {@link find} or {@link dead}. */
export function recordOf(row: Row): JournalRecord {
  const message: Omit<JournalRecord['message'], 'parts'> = JSON.parse(String(row['message']))
  const parts: JournalRecord['message']['parts'] = JSON.parse(String(row['parts']))
  const progress: JournalProgress = JSON.parse(String(row['progress']))
  return { message: { ...message, parts }, progress }
}

/** Reads a row of {@link waiting}. */
export function entryOf(row: Row): JournalEntry {
  return {
    key: String(row['key']),
    channelId: String(row['channel_id']),
    expiresAt: Number(row['expires_at']),
  }
}

/** Reads the row of {@link totals}. */
export function totalsOf(row: Row | undefined): JournalTotals {
  return {
    count: Number(row?.['messages'] ?? 0),
    bytes: Number(row?.['bytes'] ?? 0),
    lastOrder: Number(row?.['last_order'] ?? 0),
  }
}
