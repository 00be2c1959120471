import { type ConfigInput, duration, z } from '@mynah/core'
import { basicIntents, intentNames, type IntentName } from './receive/intents.ts'

/** Addresses of the platform; each can be replaced. */
export interface EndpointConfig {
  /** Address of the token request. */
  token: string
  /** Base address of the OpenAPI, without a slash at the end. */
  api: string
  /** Address of the gateway; asked of the OpenAPI when absent. */
  gateway?: string | undefined
}

/** How pushes reach the bot. */
export interface WebhookConfig {
  /** Path on the shared server. */
  path: string
  /** How far the time of a push may be off, in ms; 0 takes any. @defaultValue 300000 */
  maxSkew: number
}

/** Answers per message or event where the platform counts them. */
export interface ReplyLimits {
  /** In one-to-one chats. @defaultValue 4 */
  c2c: number
  /** In groups. @defaultValue 5 */
  group: number
}

/** Config of one bot. */
export interface QQConfig {
  /** AppID from the console. */
  appId: string
  /** AppSecret from the console. */
  secret: string
  /** How events come. @defaultValue websocket */
  transport: 'websocket' | 'webhook'
  /** Whether the sandbox of the platform is used. @defaultValue false */
  sandbox: boolean
  /** Kinds of events to ask for. @defaultValue what every bot is granted, and GROUP_AND_C2C_EVENT */
  intents: readonly IntentName[]
  /** Whether intents the bot was not granted are left out one by one instead of stopping. */
  dropRefusedIntents: boolean
  /** Number of gateway connections. @defaultValue what the platform suggests */
  shards?: number | undefined
  /** How pushes reach the bot. */
  webhook: WebhookConfig
  /** Addresses of the platform. */
  endpoints: EndpointConfig
  /** Whether messages that answer nothing may be sent. */
  proactive: boolean
  /** Answers per message, as the platform grants them. */
  replyLimits: ReplyLimits
  /** Whether clicks are acknowledged by the adapter. */
  autoAck: boolean
  /** Files above so many bytes are uploaded in parts. */
  chunkThreshold: number
  /** What happens when the platform refuses AppID or secret. */
  onRefused: 'retry' | 'exit'
}

const productionApi = 'https://api.bot.qq.com'
const sandboxApi = 'https://sandbox.api.bot.qq.com'

/** A config as people write it. */
export type QQConfigInput = ConfigInput<
  Omit<QQConfig, 'appId' | 'webhook' | 'endpoints' | 'replyLimits'>,
  'secret'
> & {
  /** A number is taken as text. */
  readonly appId: string | number
  readonly webhook?: { path?: string | undefined; maxSkew?: number | string | undefined } | undefined
  readonly endpoints?: ConfigInput<EndpointConfig> | undefined
  readonly replyLimits?: ConfigInput<ReplyLimits> | undefined
}

const address = (protocols: RegExp, example: string): z.ZodString =>
  z.string().regex(protocols, `must be an address such as ${example}`)

/** Config of one bot, as it stands in the config file. */
export const qqConfig: z.ZodType<QQConfig, QQConfigInput> = z
  .strictObject({
    appId: z
      .union([z.string(), z.int().nonnegative()])
      .transform(String)
      .pipe(z.string().regex(/^\S+$/, 'must not be empty'))
      .describe('AppID from the console (bots.qq.com)'),
    secret: z
      .string()
      .min(1, 'must not be empty')
      .describe('AppSecret from the console')
      .meta({ secret: true }),
    transport: z
      .enum(['websocket', 'webhook'])
      .default('websocket')
      .describe('How events come: a connection of ours, or pushes to the shared server'),
    sandbox: z.boolean().default(false).describe('Use the sandbox of the platform'),
    intents: z
      .array(z.enum(intentNames))
      .min(1)
      .default([...basicIntents, 'GROUP_AND_C2C_EVENT'])
      .describe('Kinds of events to ask for; webhooks choose them in the console instead'),
    dropRefusedIntents: z
      .boolean()
      .default(false)
      .describe('Leave out intents that the platform refuses, one by one, instead of stopping'),
    shards: z.int().min(1).optional().describe('Number of gateway connections; the platform suggests one'),
    webhook: z
      .strictObject({
        path: z.string().startsWith('/').default('/qq').describe('Path of the callback address'),
        maxSkew: duration.prefault('5m').describe('How far the time of a push may be off; 0 takes any'),
      })
      .prefault({})
      .describe('The callback address, for transport webhook'),
    endpoints: z
      .strictObject({
        token: address(/^https?:\/\//, 'https://api.bot.qq.com/app/getAppAccessToken').optional(),
        api: address(/^https?:\/\//, productionApi).optional(),
        gateway: address(/^wss?:\/\//, 'wss://api.bot.qq.com/websocket/').optional(),
      })
      .prefault({})
      .describe('Addresses of the platform: token, api, gateway'),
    proactive: z
      .boolean()
      .default(true)
      .describe('Send as a proactive message what cannot be sent as an answer'),
    replyLimits: z
      .strictObject({
        c2c: z.int().min(1).default(4).describe('Answers per message in one-to-one chats'),
        group: z.int().min(1).default(5).describe('Answers per message in groups'),
      })
      .prefault({})
      .describe('Answers per message, as the platform grants them'),
    autoAck: z.boolean().default(true).describe('Acknowledge pressed buttons by itself within 2 seconds'),
    chunkThreshold: z
      .int()
      .min(1)
      .default(8 * 1024 * 1024)
      .describe('Files above so many bytes are uploaded in parts'),
    onRefused: z
      .enum(['retry', 'exit'])
      .default('retry')
      .describe('When the platform refuses AppID or secret: try again each minute, or end with code 78'),
  })
  .transform(({ endpoints, ...rest }) => ({
    ...rest,
    endpoints: {
      token: endpoints.token ?? `${productionApi}/app/getAppAccessToken`,
      api: (endpoints.api ?? (rest.sandbox ? sandboxApi : productionApi)).replace(/\/+$/, ''),
      gateway: endpoints.gateway,
    },
  }))
