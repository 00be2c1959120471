import { z } from '@mynah/core'

import type { Parameter } from '../engine/engine.ts'

/** What a backup says of itself, first of all. */
export interface BackupHead {
  readonly kind: 'backup'
  /** When it was made, as ISO 8601. */
  readonly createdAt: string
  /** What it was made of. */
  readonly engine: 'sqlite' | 'postgres'
}

/** What is stored of the tables of a plugin. */
export interface PluginRecord {
  readonly kind: 'plugin'
  readonly name: string
  /** The newest step that its tables have behind them. */
  readonly version: number
  /** Declarations as texts, by name; those first that others refer to. */
  readonly tables: Readonly<Record<string, string>>
}

/** A table, whose rows follow: one of a plugin, or one of this package, which has no plugin. */
export interface TableHead {
  readonly kind: 'table'
  readonly plugin?: string | undefined
  readonly name: string
  /** Its columns in the order of the cells. */
  readonly columns: readonly string[]
}

/** The end of a table. */
export interface TableEnd {
  readonly kind: 'table-end'
  readonly rows: number
  /** The highest id that was ever given, where the database counts them up. */
  readonly lastId?: string | undefined
}

/** A file of the folder of a plugin, whose bytes follow. */
export interface FileHead {
  readonly kind: 'file'
  readonly plugin: string
  /** Its path in the folder, with `/` between. */
  readonly path: string
}

/** The end of a file. */
export interface FileEnd {
  readonly kind: 'file-end'
  readonly bytes: number
}

/** The last of all: how much there was. */
export interface BackupEnd {
  readonly kind: 'end'
  readonly tables: number
  readonly rows: number
  readonly files: number
}

/** What is no row and no bytes. */
type Mark = BackupHead | PluginRecord | TableHead | TableEnd | FileHead | FileEnd | BackupEnd

/** A piece of a backup; together they are all of it, in order. */
export type BackupRecord =
  | Mark
  | { readonly kind: 'row'; readonly cells: readonly Parameter[] }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }

const mark: z.ZodType<Mark> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('backup'), createdAt: z.string(), engine: z.enum(['sqlite', 'postgres']) }),
  z.object({
    kind: z.literal('plugin'),
    name: z.string(),
    version: z.int(),
    tables: z.record(z.string(), z.string()),
  }),
  z.object({
    kind: z.literal('table'),
    plugin: z.string().optional(),
    name: z.string(),
    columns: z.array(z.string()),
  }),
  z.object({ kind: z.literal('table-end'), rows: z.int(), lastId: z.string().optional() }),
  z.object({ kind: z.literal('file'), plugin: z.string(), path: z.string() }),
  z.object({ kind: z.literal('file-end'), bytes: z.int() }),
  z.object({ kind: z.literal('end'), tables: z.int(), rows: z.int(), files: z.int() }),
])

/** What JSON has no form of its own for. */
const tagged = z.union([
  z.object({ bigint: z.string() }).transform(({ bigint }) => BigInt(bigint)),
  z.object({ number: z.string() }).transform(({ number }) => Number(number)),
  z.object({ time: z.number() }).transform(({ time }) => new Date(time)),
  z.object({ bytes: z.string() }).transform(({ bytes }) => new Uint8Array(Buffer.from(bytes, 'base64'))),
])

/** A record as one line. */
export function lineOf(record: BackupRecord): string {
  if (record.kind === 'row') return JSON.stringify(record.cells.map(writeCell))
  if (record.kind === 'bytes') return JSON.stringify(Buffer.from(record.bytes).toString('base64'))
  return JSON.stringify(record)
}

/** Reads a line. @throws What the line fails with */
export function recordOf(line: string): BackupRecord {
  const read: unknown = JSON.parse(line)
  if (Array.isArray(read)) return { kind: 'row', cells: read.map(readCell) }
  if (typeof read === 'string') return { kind: 'bytes', bytes: Buffer.from(read, 'base64') }
  return mark.parse(read)
}

function writeCell(value: Parameter): unknown {
  if (typeof value === 'bigint') return { bigint: String(value) }
  if (typeof value === 'number' && !Number.isFinite(value)) return { number: String(value) }
  if (value instanceof Date) return { time: value.getTime() }
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') }
  return value
}

function readCell(cell: unknown): Parameter {
  if (cell === null || typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean')
    return cell
  return tagged.parse(cell)
}
