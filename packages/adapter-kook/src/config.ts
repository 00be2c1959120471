import { type ConfigInput, duration, z } from '@mynah/core'

/** How events come in by HTTP. */
export interface KookWebhookConfig {
  /** Path of the callback URL on the shared server. */
  path: string
  /** Verify Token of the developer console. */
  verifyToken: string
  /** Encrypt Key of the developer console, where encryption is on. */
  encryptKey?: string | undefined
}

/** How media is read before it is uploaded. */
export interface KookMediaConfig {
  /** Hosts that may be read from although they are not on the public internet. @defaultValue none */
  privateHosts: readonly string[]
}

/** Config of one KOOK bot. */
export interface KookConfig {
  /** Token of the bot, from the developer console. */
  token: string
  /** Where events come from: what the developer console says. @defaultValue 'websocket' */
  transport: 'websocket' | 'webhook'
  /** Needed when `transport` is `webhook`. */
  webhook?: KookWebhookConfig | undefined
  /** Base of the HTTP API. @defaultValue 'https://www.kookapp.cn/api/v3' */
  baseUrl: string
  /** Whether the gateway compresses its frames. @defaultValue true */
  compress: boolean
  /** Language of the platform's error messages, such as `en-US`; Chinese when absent. */
  language?: string | undefined
  /** How media is read before it is uploaded. */
  media: KookMediaConfig
  /** Ignore what other bots write. @defaultValue true */
  ignoreBots: boolean
  /** Ignore what the platform's notice account writes. @defaultValue true */
  ignoreNotices: boolean
  /** Name the message that is answered, which takes less of the daily quota. @defaultValue true */
  nameAnswered: boolean
  /** Sign the bot off before connecting when it is online elsewhere. @defaultValue false */
  signOffFirst: boolean
  /** Renew the gateway connection after so many ms; never when absent. */
  maxConnectionAge?: number | undefined
  /** When the platform refuses the token: try again every minute, or ask the program to end. @defaultValue 'retry' */
  onRefused: 'retry' | 'exit'
}

const webhook: z.ZodType<KookWebhookConfig, ConfigInput<KookWebhookConfig, 'verifyToken'>> = z.strictObject({
  path: z.string().startsWith('/').default('/kook').describe('Path of the callback URL on the shared server'),
  verifyToken: z.string().min(1).meta({ secret: true }).describe('Verify Token of the developer console'),
  encryptKey: z
    .string()
    .min(1)
    .meta({ secret: true })
    .optional()
    .describe('Encrypt Key of the developer console'),
})

/** What is written in `bot.config.yaml`. */
export interface KookConfigInput extends Omit<
  ConfigInput<KookConfig, 'token'>,
  'webhook' | 'media' | 'maxConnectionAge'
> {
  /** Renew the gateway connection when it is that old: `24h`, or ms. @defaultValue never */
  readonly maxConnectionAge?: string | number | undefined
  /** Needed when `transport` is `webhook`. */
  readonly webhook?: ConfigInput<KookWebhookConfig, 'verifyToken'> | undefined
  /** How media is read before it is uploaded. */
  readonly media?: ConfigInput<KookMediaConfig> | undefined
}

/** Schema of {@link KookConfig}. */
export const kookConfig: z.ZodType<KookConfig, KookConfigInput> = z
  .object({
    token: z
      .string()
      .min(33, 'A KOOK token has more than 32 characters; copy it whole from the developer console')
      .meta({ secret: true })
      .describe('Token of the bot, from the developer console'),
    transport: z.enum(['websocket', 'webhook']).default('websocket').describe('Where events come from'),
    webhook: webhook.optional().describe('Settings of the transport webhook'),
    baseUrl: z.url().default('https://www.kookapp.cn/api/v3').describe('Base of the HTTP API'),
    compress: z.boolean().default(true).describe('Whether the gateway compresses its frames'),
    language: z.string().optional().describe('Language of error messages of the platform, such as en-US'),
    media: z
      .strictObject({
        privateHosts: z
          .array(z.string().min(1))
          .default([])
          .describe('Hosts that media may be read from although they are not on the public internet'),
      })
      .prefault({})
      .describe('How media is read before it is uploaded'),
    ignoreBots: z.boolean().default(true).describe('Ignore what other bots write'),
    ignoreNotices: z
      .boolean()
      .default(true)
      .describe('Ignore what the notice account of the platform writes'),
    nameAnswered: z
      .boolean()
      .default(true)
      .describe('Name the message that is answered, which takes less of the daily quota'),
    signOffFirst: z
      .boolean()
      .default(false)
      .describe('Sign the bot off before connecting when it is online elsewhere'),
    maxConnectionAge: duration
      .refine((ms) => ms >= 60_000, 'a connection lives a minute at least')
      .optional()
      .describe('Renew the gateway connection when it is that old, such as 24h'),
    onRefused: z
      .enum(['retry', 'exit'])
      .default('retry')
      .describe(
        'When the platform refuses the token: try again every minute, or end the program with code 78',
      ),
  })
  .refine(({ transport, webhook: settings }) => transport !== 'webhook' || settings !== undefined, {
    path: ['webhook'],
    message: 'The transport webhook needs webhook.verifyToken',
  })
