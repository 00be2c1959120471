import { createLogger, MynahError, systemClock, z } from '@mynah/core'
import { type QQConfig, qqConfig, type QQConfigInput } from '../config.ts'
import { basicIntents, intentBits, privateIntents } from '../receive/intents.ts'
import { SignatureKey } from '../receive/signature.ts'
import { HttpApi } from '../http.ts'
import { GatewayApi } from './gateway.ts'
import { SelfApi } from './guilds.ts'
import { TokenSource } from './token-source.ts'

/** One thing that was looked at. */
export interface Finding {
  /** What was looked at. */
  readonly check: 'config' | 'token' | 'api' | 'gateway' | 'intents' | 'callback'
  /** How it looks. */
  readonly status: 'ok' | 'warning' | 'failed'
  /** What was found, and what to do about it. Holds no secrets. */
  readonly detail: string
}

/** What to look at beside the config. */
export interface DiagnoseOptions {
  /** The public address of the callback, as it stands in the console. */
  readonly callbackUrl?: string
}

/** Users report that the platform gives an address check no longer than this, in ms. */
const patienceMs = 3000
const publicPorts: ReadonlySet<string> = new Set(['', '80', '443', '8080', '8443'])

/**
 * Looks why a bot does not work: config, token, OpenAPI, gateway limits, intents, and the callback address, to
 * which it sends the address check that the platform would send.
 */
export async function diagnose(input: QQConfigInput, options: DiagnoseOptions = {}): Promise<Finding[]> {
  const parsed = qqConfig.safeParse(input)
  if (!parsed.success) return [{ check: 'config', status: 'failed', detail: z.prettifyError(parsed.error) }]
  const config = parsed.data
  const { appId, secret, endpoints } = config
  const parts = { appId, clock: systemClock, logger: createLogger({ level: 'silent' }) }
  const credentials = new TokenSource({ ...parts, secret, url: endpoints.token })
  const http = new HttpApi({ ...parts, baseUrl: endpoints.api, credentials })
  try {
    return [
      {
        check: 'config',
        status: 'ok',
        detail: `${config.sandbox ? 'sandbox' : 'production'} at ${config.endpoints.api}`,
      },
      await examine('token', async () => {
        await credentials.authorization()
        return 'the platform takes AppID and secret'
      }),
      await examine('api', async () => {
        const { username } = await new SelfApi(http).get()
        return `the bot is ${username}`
      }),
      await examine('gateway', async () => {
        const { shards = 1, session_start_limit: limit } = await new GatewayApi(http).info()
        return `${shards} connections suggested, ${limit?.remaining ?? 'any number of'} sessions may still be started`
      }),
      examineIntents(config),
      ...(options.callbackUrl === undefined ? [] : [await examineCallback(config, options.callbackUrl)]),
    ]
  } finally {
    credentials.stop()
    await http.stop()
  }
}

async function examine(check: Finding['check'], look: () => Promise<string>): Promise<Finding> {
  try {
    return { check, status: 'ok', detail: await look() }
  } catch (error) {
    return { check, status: 'failed', detail: error instanceof Error ? error.message : String(error) }
  }
}

function examineIntents({ intents, transport }: QQConfig): Finding {
  if (transport === 'webhook') {
    return { check: 'intents', status: 'ok', detail: 'webhooks choose their events in the console' }
  }
  const rare = intents.filter((name) => privateIntents.includes(name))
  const asked = intents.filter((name) => !basicIntents.includes(name) && !privateIntents.includes(name))
  const detail = [
    `${intentBits(intents)} is asked for`,
    asked.length === 0 ? '' : `${asked.join(', ')} have to be granted in the console`,
    rare.length === 0 ? '' : `${rare.join(', ')} are for private-domain bots only`,
  ]
  return {
    check: 'intents',
    status: rare.length === 0 ? 'ok' : 'warning',
    detail: detail.filter(Boolean).join('; '),
  }
}

async function examineCallback({ appId, secret }: QQConfig, address: string): Promise<Finding> {
  const finding = await examine('callback', () => checkCallback(appId, new SignatureKey(secret), address))
  const { protocol, port } = new URL(address)
  const isPublic = protocol === 'https:' && publicPorts.has(port)
  if (finding.status !== 'ok' || isPublic) return finding
  return {
    ...finding,
    status: 'warning',
    detail: `${finding.detail}; the platform calls https addresses on ports 80, 443, 8080 and 8443 only`,
  }
}

/** Sends what the platform sends when an address is saved. @throws MynahError when the answer would not do. */
async function checkCallback(appId: string, key: SignatureKey, address: string): Promise<string> {
  const timestamp = String(Math.floor(Date.now() / 1000))
  const plainToken = `mynah${timestamp}`
  const body = JSON.stringify({ op: 13, d: { plain_token: plainToken, event_ts: timestamp } })
  const startedAt = performance.now()
  const response = await fetch(address, {
    method: 'POST',
    body,
    signal: AbortSignal.timeout(patienceMs),
    headers: {
      'content-type': 'application/json',
      'x-bot-appid': appId,
      'x-signature-timestamp': timestamp,
      'x-signature-ed25519': key.sign(timestamp + body),
    },
  })
  const text = await response.text()
  const ms = Math.round(performance.now() - startedAt)
  if (!text.includes(key.sign(timestamp + plainToken))) {
    throw new MynahError(
      'API_INVALID_RESPONSE',
      `The callback address answered HTTP ${response.status} without the right signature; is it this bot that answers there, and does a proxy change what comes?`,
    )
  }
  return `the callback address answers rightly within ${ms} ms`
}
