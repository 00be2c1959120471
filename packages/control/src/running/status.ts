import type { BotInfo } from '@mynah/core'
import { MynahError, thrownError } from '@mynah/core'
import type { Project, ProjectEntry } from '@mynah/loader'

import type { AccountStatus, BotStatus, EntryStatus } from '../protocol/resources.ts'

/** What only the process knows. */
export interface ProcessFacts {
  /** Version of Mynah. */
  readonly version: string
  /** When the process began to start the bot, in ms since 1970. */
  readonly startedAt: number
}

/** How a bot is, as of now. */
export function statusOf(project: Project, { version, startedAt }: ProcessFacts): BotStatus {
  const { app, mode, root } = project
  const { load, bots } = app.inspect
  const { rss, heapUsed } = process.memoryUsage()
  return {
    pid: process.pid,
    version,
    node: process.versions.node,
    mode,
    root,
    startedAt,
    isReady: app.isReady,
    accounts: bots.map(accountOf),
    entries: entriesOf(project),
    running: load.running,
    queued: load.queued,
    residentBytes: rss,
    heapBytes: heapUsed,
  }
}

/** Plugins and adapters as they are now. */
export function entriesOf(project: Project): EntryStatus[] {
  return Array.from(project.entries, ([id, entry]) => entryOf(id, entry))
}

function accountOf({ key, platform, selfId, user, status, intake }: BotInfo): AccountStatus {
  const { lastEventAt, refused } = intake
  return {
    key,
    platform,
    selfId,
    ...(user?.name === undefined ? {} : { name: user.name }),
    status,
    ...(lastEventAt === undefined ? {} : { lastEventAt }),
    refused,
  }
}

function entryOf(id: string, { instance, name, error }: ProjectEntry): EntryStatus {
  const why: unknown = error ?? instance?.error
  return {
    id,
    name,
    state: instance?.state ?? 'failed',
    waitsFor: instance?.state === 'pending' ? [...instance.missing] : [],
    ...(why === undefined ? {} : { error: describe(why) }),
  }
}

function describe(error: unknown): { code?: string; message: string } {
  const { message } = thrownError(error)
  return MynahError.is(error) ? { code: error.code, message } : { message }
}
