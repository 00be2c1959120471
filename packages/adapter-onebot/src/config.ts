import { type ConfigInput, duration, z } from '@mynah/core'

/** An HTTP API that we call. */
export interface HttpConfig {
  /** Its address, such as `http://127.0.0.1:3000`; for a WebSocket `ws://127.0.0.1:3001`. */
  url: string
  /** Its access token; an empty one is none. */
  token?: string | undefined
  /** Where the token goes. @defaultValue 'header' */
  tokenIn: 'header' | 'query'
  /** The account, where it should be known before the first connection. @defaultValue asked for */
  selfId?: string | undefined
}

/** An implementation that we dial ("正向 WebSocket"). */
export interface ForwardConfig extends HttpConfig {
  /** Two sockets, on `/api` and `/event`, instead of one. @defaultValue false */
  split: boolean
  /** Largest frame taken, in bytes. @defaultValue 67108864 (64 MiB) */
  maxFrameBytes: number
}

/** A place where implementations dial us ("反向 WebSocket"). */
export interface ReverseConfig {
  /** Path on the shared server; the same path with `/ws` behind it works too. @defaultValue '/onebot/v11' */
  path: string
  /** What they have to show. Without it everybody who reaches the server gets in. */
  token?: string | undefined
  /** Accounts that may connect. @defaultValue all */
  accounts?: string[] | undefined
  /** Largest frame taken, in bytes. @defaultValue 67108864 (64 MiB) */
  maxFrameBytes: number
}

/** A place where implementations post their events. */
export interface WebhookConfig {
  /** Path on the shared server. @defaultValue '/onebot' */
  path: string
  /** Key of `X-Signature`; in NapCat and LLOneBot it is called token. Without it everybody is believed. */
  secret?: string | undefined
  /** Accounts whose events are taken. @defaultValue all */
  accounts?: string[] | undefined
  /** How long an answer may wait for quick operations, in ms. @defaultValue 3000 */
  answerWithin: number
}

/** How pictures, recordings, videos and files are sent. */
export interface MediaConfig {
  /**
   * `read`: local files are read here and sent along; `path`: their paths are sent, for an implementation
   * that sees the same files. @defaultValue 'read'
   */
  localFiles: 'read' | 'path'
  /** Most bytes sent inside a frame; more is uploaded in parts where possible, else refused. @defaultValue 10485760 (10 MiB) */
  maxInlineBytes: number
}

/** Config of the adapter: any mix of connections, for any number of accounts. */
export interface OneBotConfig {
  /** Implementations that we dial. @defaultValue none */
  forward: ForwardConfig[]
  /** Places where implementations dial us. @defaultValue none */
  reverse: ReverseConfig[]
  /** HTTP APIs that we call. @defaultValue none */
  http: HttpConfig[]
  /** Places where implementations post their events. @defaultValue none */
  webhook: WebhookConfig[]
  /** How long an answer may take, in ms; media and uploads get more. @defaultValue 30000 */
  timeout: number
  /** Calls under way at a time, per account; the others wait. @defaultValue 64 */
  maxCalls: number
  /** Form of sent messages. @defaultValue 'array' */
  messageFormat: 'array' | 'string'
  /** Of how many recent conversations the missed messages are fetched after a reconnect. @defaultValue 0 */
  catchUp: number
  /** Messages older than this are left out, in ms; 0 takes all. @defaultValue 0 */
  maxMessageAge: number
  /** Whether a token that is refused is tried again every minute, or ends the program with code 78. @defaultValue 'retry' */
  onRefused: 'retry' | 'exit'
  /** How media is sent. */
  media: MediaConfig
}

const maxFrameBytes = z
  .int()
  .min(1024)
  .default(64 * 1024 * 1024)
  .describe('Largest frame taken, in bytes')
const tokenIn = z.enum(['header', 'query']).default('header').describe('Where the token goes')
const account = z.union([z.string().trim().regex(/^\d+$/), z.int().positive()]).transform(String)
const path = z.string().regex(/^\/[^?#\s]*$/, 'A path begins with / and has no ?, # or blank')

/** What the bot dials. */
const dialled = (what: string, protocol: RegExp, example: string) => ({
  url: z
    .url({ protocol, error: `An address such as ${example}` })
    .describe(`Address of the ${what}`)
    .meta({ secret: true }),
  token: z.string().optional().describe(`Access token of the ${what}; empty for none`).meta({ secret: true }),
  tokenIn,
  selfId: account.optional().describe('QQ number of the account'),
})

const forward = z.strictObject({
  ...dialled('WebSocket server', /^wss?$/, 'ws://127.0.0.1:3001'),
  split: z.boolean().default(false).describe('Two sockets, on /api and /event, instead of one'),
  maxFrameBytes,
})

const reverse = z.strictObject({
  path: path.default('/onebot/v11').describe('Path on the shared server'),
  token: z
    .string()
    .min(1)
    .optional()
    .describe('Access token that implementations have to show')
    .meta({ secret: true }),
  accounts: z.array(account).optional().describe('QQ numbers that may connect'),
  maxFrameBytes,
})

const http = z.strictObject(dialled('HTTP API', /^https?$/, 'http://127.0.0.1:3000'))

const webhook = z.strictObject({
  path: path.default('/onebot').describe('Path on the shared server'),
  secret: z.string().min(1).optional().describe('Key of the signature').meta({ secret: true }),
  accounts: z.array(account).optional().describe('QQ numbers whose events are taken'),
  answerWithin: duration
    .refine((ms) => ms <= 60_000, 'an answer waits a minute at most')
    .prefault('3s')
    .describe('How long an answer waits for quick operations'),
})

const media = z.strictObject({
  localFiles: z.enum(['read', 'path']).default('read').describe('Send local files along, or their paths'),
  maxInlineBytes: z
    .int()
    .min(0)
    .default(10 * 1024 * 1024)
    .describe('Most bytes of media inside a frame'),
})

type Entries<T, Needed extends keyof T = never> = readonly (Omit<
  ConfigInput<T, Needed>,
  'selfId' | 'accounts' | 'answerWithin'
> & {
  readonly selfId?: string | number | undefined
  readonly accounts?: readonly (string | number)[] | undefined
  readonly answerWithin?: string | number | undefined
})[]

/** {@link OneBotConfig} as people write it: everything but addresses may be left out. */
export interface OneBotConfigInput extends Omit<
  ConfigInput<OneBotConfig>,
  'forward' | 'reverse' | 'http' | 'webhook' | 'media' | 'timeout' | 'maxMessageAge'
> {
  readonly timeout?: string | number | undefined
  readonly maxMessageAge?: string | number | undefined
  readonly forward?: Entries<ForwardConfig, 'url'> | undefined
  readonly reverse?: Entries<ReverseConfig> | undefined
  readonly http?: Entries<HttpConfig, 'url'> | undefined
  readonly webhook?: Entries<WebhookConfig> | undefined
  readonly media?: ConfigInput<MediaConfig> | undefined
}

/** Schema of {@link OneBotConfig}. */
export const onebotConfig: z.ZodType<OneBotConfig, OneBotConfigInput> = z
  .strictObject({
    forward: z.array(forward).default([]).describe('Implementations that the bot dials'),
    reverse: z.array(reverse).default([]).describe('Paths on which implementations dial the bot'),
    http: z.array(http).default([]).describe('HTTP APIs that the bot calls'),
    webhook: z.array(webhook).default([]).describe('Paths to which implementations post events'),
    timeout: duration
      .refine((ms) => ms >= 100, 'an answer takes 100 ms at least')
      .prefault('30s')
      .describe('How long an answer may take'),
    maxCalls: z.int().min(1).default(64).describe('Calls under way at a time, per account'),
    messageFormat: z.enum(['array', 'string']).default('array').describe('Form of sent messages'),
    catchUp: z
      .int()
      .min(0)
      .max(100)
      .default(0)
      .describe('Of how many recent conversations missed messages are fetched after a reconnect'),
    maxMessageAge: duration.default(0).describe('Messages older than this are left out; 0 takes all'),
    onRefused: z
      .enum(['retry', 'exit'])
      .default('retry')
      .describe('Try a refused token again every minute, or end the program with code 78'),
    media: media.prefault({}).describe('How pictures, recordings, videos and files are sent'),
  })
  .refine(
    ({ forward, reverse, http, webhook }) =>
      [forward, reverse, http, webhook].some(({ length }) => length > 0),
    {
      error: 'Add a connection: an entry under forward, reverse, http or webhook',
    },
  )
