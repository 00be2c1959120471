/** An account as others see it. */
export interface AccountStatus {
  /** `platform:selfId`. */
  readonly key: string
  /** Name of the platform. */
  readonly platform: string
  /** Id of the account. */
  readonly selfId: string
  /** Its name on the platform, once that is known. */
  readonly name?: string | undefined
  /** `online` when it is connected. */
  readonly status: string
  /** When its last event was taken, in ms since 1970. */
  readonly lastEventAt?: number | undefined
  /** Events that were refused since then, because too many waited. */
  readonly refused: number
}

/** A plugin or adapter of the config as it is now. */
export interface EntryStatus {
  /** Its place in the config, such as `plugins.dice`. */
  readonly id: string
  /** Its name in logs. */
  readonly name: string
  /** What it does now; `failed` when it could not be loaded or started, `pending` while it waits. */
  readonly state: string
  /** Services that it waits for. */
  readonly waitsFor: readonly string[]
  /** Why its newest version does not run; an older one may. */
  readonly error?: { readonly code?: string | undefined; readonly message: string } | undefined
}

/** How a bot is. */
export interface BotStatus {
  /** Its process. */
  readonly pid: number
  /** Version of Mynah that it runs on. */
  readonly version: string
  /** Version of Node. */
  readonly node: string
  /** `development` for `bot dev`. */
  readonly mode: 'development' | 'production'
  /** Folder of the project. */
  readonly root: string
  /** When the process began to start the bot, in ms since 1970. */
  readonly startedAt: number
  /** Whether all plugins have started, failed, or wait. */
  readonly isReady: boolean
  /** The accounts that are signed in. */
  readonly accounts: readonly AccountStatus[]
  /** Plugins and adapters, in the order of the config. */
  readonly entries: readonly EntryStatus[]
  /** Events that are being handled. */
  readonly running: number
  /** Events that wait. */
  readonly queued: number
  /** Memory of the process, in bytes. */
  readonly residentBytes: number
  /** Used heap, in bytes. */
  readonly heapBytes: number
}

/** Level of a line of the log. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'

/** Which lines of the log are wanted. */
export interface LogQuery {
  /** Only lines about this plugin. */
  readonly plugin?: string | undefined
  /** Only lines of this level and above. */
  readonly level?: LogLevel | undefined
  /** How many of the newest lines that were written before. @defaultValue 50 */
  readonly lines?: number | undefined
  /** Whether lines that are written from now on come, too. @defaultValue false */
  readonly follow?: boolean | undefined
}

/** A line of the log: what the logger wrote as JSON. */
export interface LogLine {
  /** From 10 (`trace`) to 60 (`fatal`). */
  readonly level: number
  /** In ms since 1970. */
  readonly time: number
  /** The message. */
  readonly msg?: string | undefined
  readonly [field: string]: unknown
}

/** A message that a bot is to send. */
export interface OutgoingMessage {
  /** `platform`, or `platform:selfId` where several accounts are there. */
  readonly account: string
  /** The channel, as events tell it. */
  readonly channel?: string | undefined
  /** The person, in place of a channel: the message goes to the one-to-one chat. */
  readonly user?: string | undefined
  /** What it says. */
  readonly text: string
}

/** What became of a message. */
export interface SentMessage {
  /** The account that sent it. */
  readonly account: string
  /** The channel that it went to. */
  readonly channel: string
  /** Ids of its parts on the platform; empty where that gives none. */
  readonly messageIds: readonly string[]
}

/** Which message is asked about: the newest that fits. */
export interface ExplainQuery {
  /** Its id, or that of its event. @defaultValue any */
  readonly message?: string | undefined
  /** Who wrote it. @defaultValue anybody */
  readonly user?: string | undefined
  /** The channel or guild that it was written in. @defaultValue anywhere */
  readonly place?: string | undefined
}

/** One decision about a message. */
export interface ExplainedStep {
  /** What was decided, as `TraceKind` of the core has it. */
  readonly kind: string
  /** What decided: the name of a plugin, command or middleware. */
  readonly label: string
  /** Why, or what came of it. */
  readonly detail: string
  /** Ms since the message came in. */
  readonly atMs: number
  /** How long it took in ms, for what takes time. */
  readonly tookMs?: number | undefined
}

/** What was decided about a message. */
export interface Explanation {
  /** Id of its event. */
  readonly id: string
  /** `platform:selfId` of the account that it came to. */
  readonly account: string
  /** When it came in, in ms since 1970. */
  readonly receivedAt: number
  /** Who wrote it, by id and name. */
  readonly user: string
  /** Where, by id and name. */
  readonly place: string
  /** What it says. */
  readonly text: string
  /** Whether it was answered. */
  readonly isAnswered: boolean
  /** What kept the answer back, or went wrong before it; `code` as `SilenceCode` of the core has it. */
  readonly reason?: { readonly code: string; readonly by: string; readonly detail: string } | undefined
  /** Plugins that do not run, where they may be what is missing. */
  readonly notRunning: readonly EntryStatus[]
  /** All decisions, in order. */
  readonly steps: readonly ExplainedStep[]
}

/** Who wants a bot to end. */
export interface EndRequest {
  /** In words for the log. */
  readonly by: string
}

/** The process that ends. */
export interface EndingProcess {
  /** Its id. */
  readonly pid: number
}
