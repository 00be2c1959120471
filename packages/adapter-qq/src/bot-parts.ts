import { type Clock, type Logger, MynahError } from '@mynah/core'
import { QQApi } from './api/qq-api.ts'
import { type Credentials, legacyCredentials } from './api/credentials.ts'
import { TokenSource } from './api/token-source.ts'
import type { QQConfig } from './config.ts'
import { HttpApi } from './http.ts'
import { intentOf } from './receive/intents.ts'
import { ReplyManager } from './send/reply-manager.ts'
import { AuditBook } from './send/audit-book.ts'
import { MediaLibrary } from './send/media-library.ts'
import { MessageIndex } from './send/message-index.ts'
import { Sender } from './send/sender.ts'

/** What a bot stands on. */
export interface BotParts {
  readonly credentials: Credentials
  readonly http: HttpApi
  readonly api: QQApi
  readonly replies: ReplyManager
  readonly audits: AuditBook
  readonly index: MessageIndex
  readonly sender: Sender
  /** Aborts when the bot stops. */
  readonly signal: AbortSignal
  stop(): Promise<void>
}

/** What the parts need of their surroundings. */
export interface BotSurroundings {
  readonly clock: Clock
  readonly logger: Logger
  /** Resolves when the gateway is there again. */
  readonly whenOnline: (signal: AbortSignal | undefined) => Promise<void>
  /** The platform refuses AppID or secret; they are tried again all the same. */
  readonly onRefused?: (reason: string) => void
}

/** Puts together what a bot stands on. */
export function buildParts(
  config: QQConfig,
  { clock, logger, whenOnline, onRefused }: BotSurroundings,
): BotParts {
  const { appId, secret, endpoints, legacyToken } = config
  const stopping = new AbortController()
  const credentials =
    legacyToken === undefined
      ? new TokenSource({
          appId,
          secret,
          url: endpoints.token,
          clock,
          logger,
          onRefused: ({ message }) => onRefused?.(message),
        })
      : legacyCredentials(appId, legacyToken)
  const http = new HttpApi({ appId, baseUrl: endpoints.api, credentials, clock, logger, whenOnline })
  const api = new QQApi(http, appId)
  const replies = new ReplyManager({
    limits: config.replyLimits,
    isProactive: config.proactive,
    clock,
  })
  const audits = new AuditBook(clock, hearsAudits(config))
  const index = new MessageIndex()
  const { files, messages } = api
  const { signal } = stopping
  const media = new MediaLibrary({ files, clock, signal, chunkThreshold: config.chunkThreshold })
  return {
    credentials,
    http,
    api,
    replies,
    audits,
    index,
    sender: new Sender({ messages, media, replies, audits, index }),
    signal,
    async stop() {
      stopping.abort(new MynahError('BOT_OFFLINE', 'The bot was stopped.'))
      credentials.stop()
      audits.stop()
      await http.stop()
    },
  }
}

/** Webhooks get what the console says, which nobody here knows. */
function hearsAudits({ transport, intents }: QQConfig): boolean {
  const name = intentOf('MESSAGE_AUDIT_PASS')
  return transport === 'webhook' || (name !== undefined && intents.includes(name))
}
