/** What a close code means for the next connection (official docs: "WebSocket", error codes). */
export type CloseRule =
  | {
      readonly session: 'keep' | 'clear'
      /** `backoff`, or ms. */
      readonly wait: 'backoff' | number
      /** The credentials were refused. */
      readonly isAuthFailure?: true
    }
  | { readonly stop: string }
  /** The intents were refused. */
  | { readonly intents: string }

const keep: CloseRule = { session: 'keep', wait: 'backoff' }
const clear: CloseRule = { session: 'clear', wait: 'backoff' }
const tooFastWaitMs = 60_000

const rules: Readonly<Record<number, CloseRule>> = {
  4000: keep,
  4001: { stop: 'the platform did not understand an opcode; please report this' },
  4002: { stop: 'the platform did not understand a payload; please report this' },
  4003: clear,
  4004: { ...clear, isAuthFailure: true },
  4005: clear,
  4006: clear,
  4007: clear,
  4008: { session: 'keep', wait: tooFastWaitMs },
  4009: keep,
  4010: { stop: 'the shard is not valid; check the config field shards' },
  4011: { stop: 'one shard cannot carry all guilds' },
  4012: { stop: 'the gateway wants another protocol version' },
  4013: { intents: 'an intent is not valid' },
  4014: { intents: 'the bot has no right to an intent' },
  4914: { stop: 'the bot is offline, only the sandbox is open: set sandbox, or publish the bot' },
  4915: { stop: 'the bot is banned' },
}

const internalErrors = { first: 4900, last: 4913 } as const
const firstPlatformCode = 4000

/** The rule for a code. Codes that nobody documents begin anew; those of the transport keep the session. */
export function closeRule(code: number): CloseRule {
  const rule = rules[code]
  if (rule !== undefined) return rule
  if (code >= internalErrors.first && code <= internalErrors.last) return clear
  return code >= firstPlatformCode ? clear : keep
}

/** Whether a code says why the platform ends a connection; those of the transport do not. */
export function saysWhy(code: number): boolean {
  return code >= firstPlatformCode
}

/** The codes by which a shard that is too small is told. */
export const tooManyGuilds = 4011
