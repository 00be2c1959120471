import type { GatewaySession } from './gateway-state.ts'

/** A session as it is kept over a restart. */
export interface SavedSession extends GatewaySession {
  /** Ms since 1970. */
  readonly savedAt: number
  /** The bot it belongs to. */
  readonly appId: string
  /** Number and count. */
  readonly shard: readonly [number, number]
  /** The intents it was started with, as bits. */
  readonly intents: number
}

/**
 * Keeps gateway sessions over restarts, so that the platform replays what was missed meanwhile. Provide one as
 * the service `qqSessions`.
 */
export interface GatewaySessionStore {
  /** What was saved last under a key; `undefined` when there is nothing. */
  load(key: string): Promise<SavedSession | undefined>
  /** Replaces what was saved; `undefined` forgets it. */
  save(key: string, session: SavedSession | undefined): Promise<void>
}

/** After so long the platform has forgotten a session, in ms. */
const lifeMs = 5 * 60_000

/** A saved session, unless it is too old or belongs to other settings. */
export function usableSession(
  saved: SavedSession | undefined,
  settings: Pick<SavedSession, 'appId' | 'shard' | 'intents'>,
  now: number,
): GatewaySession | undefined {
  if (saved === undefined || now - saved.savedAt > lifeMs) return undefined
  const isSame =
    saved.appId === settings.appId &&
    saved.intents === settings.intents &&
    saved.shard[0] === settings.shard[0] &&
    saved.shard[1] === settings.shard[1]
  return isSame ? { sessionId: saved.sessionId, seq: saved.seq } : undefined
}
