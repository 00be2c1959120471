import { once } from 'node:events'
import { inflateRawSync, inflateSync } from 'node:zlib'
import { WebSocket } from 'ws'
import { Mailbox } from '@mynah/core/testing'
import type { KookEmulator } from '../src/emulator.ts'
import { isJsonObject, parseJson, type JsonObject } from '@mynah/emulator-kit'

/** The answer to a call as it travels. */
export interface RawAnswer {
  status: number
  headers: Headers
  code: number
  message: string
  data: JsonObject
  list: readonly unknown[]
}

/** Calls the API with nothing but fetch. */
export async function callApi(
  emulator: KookEmulator,
  route: string,
  params: JsonObject = {},
  headers: Record<string, string> = { authorization: `Bot ${emulator.token}` },
): Promise<RawAnswer> {
  const [method = 'GET', path = ''] = route.split(' ')
  const url = new URL(`${emulator.baseUrl}/${path}`)
  if (method === 'GET') {
    for (const [name, value] of Object.entries(params)) {
      url.searchParams.set(name, typeof value === 'string' ? value : JSON.stringify(value))
    }
  }
  const response = await fetch(url, {
    method,
    headers: {
      connection: 'close',
      ...headers,
      ...(method === 'POST' && { 'content-type': 'application/json' }),
    },
    ...(method === 'POST' && { body: JSON.stringify(params) }),
  })
  return readAnswer(response)
}

/** Uploads one file, with further fields. */
export async function upload(
  emulator: KookEmulator,
  path: string,
  file: { field: string; name: string; bytes: Uint8Array<ArrayBuffer> },
  fields: Record<string, string> = {},
): Promise<RawAnswer> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  form.set(file.field, new Blob([file.bytes]), file.name)
  const response = await fetch(`${emulator.baseUrl}/${path}`, {
    method: 'POST',
    headers: { authorization: `Bot ${emulator.token}`, connection: 'close' },
    body: form,
  })
  return readAnswer(response)
}

async function readAnswer(response: Response): Promise<RawAnswer> {
  const body = parseJson(await response.text())
  const envelope = isJsonObject(body) ? body : {}
  const { code, message, data = null } = envelope
  return {
    status: response.status,
    headers: response.headers,
    code: typeof code === 'number' ? code : Number.NaN,
    message: typeof message === 'string' ? message : '',
    data: isJsonObject(data) ? data : {},
    list: Array.isArray(data) ? data : [],
  }
}

/** The objects in `items` of a list answer. */
export const itemsOf = (answer: RawAnswer): JsonObject[] =>
  Array.isArray(answer.data.items) ? answer.data.items.filter(isJsonObject) : []

/** A field that is a text. */
export function text(value: unknown): string {
  if (typeof value === 'string') return value
  throw new TypeError(`expected a text, got ${JSON.stringify(value)}`)
}

/** A frame as it arrived. */
export interface RawFrame {
  s: number
  sn: number | undefined
  d: JsonObject
  extra: JsonObject
  /** Whether it came as a binary message. */
  binary: boolean
}

/** A gateway client that decodes frames and nothing else: every answer is up to the test. */
export class RawGatewayClient {
  readonly socket: WebSocket
  readonly frames = new Mailbox<RawFrame>()
  readonly undecodable = new Mailbox<Buffer>()

  constructor(url: string) {
    this.socket = new WebSocket(url)
    this.socket.on('error', () => undefined)
    this.socket.on('message', (data: Buffer, binary: boolean) => {
      const frame = decodeFrame(data, binary)
      if (frame === undefined) this.undecodable.push(data)
      else this.frames.push(frame)
    })
  }

  /** Waits for the next frame of a signal. */
  frame(s: number): Promise<RawFrame> {
    return this.frames.take((frame) => frame.s === s, `a frame with s ${s}`)
  }

  /** Waits for the next event, of a certain kind when named. */
  event(kind?: number | string): Promise<RawFrame> {
    const isWanted = ({ d }: RawFrame): boolean =>
      kind === undefined || d.type === kind || (isJsonObject(d.extra) && d.extra.type === kind)
    return this.frames.take((frame) => frame.s === 0 && isWanted(frame), `an event ${kind ?? ''}`)
  }

  ping(sn: number): void {
    this.send({ s: 2, sn })
  }

  send(frame: unknown): void {
    this.socket.send(JSON.stringify(frame))
  }

  async close(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return
    const closed = once(this.socket, 'close')
    this.socket.close(1000)
    await closed
  }

  /** Resolves with the code when the connection ends. */
  closed(): Promise<number> {
    return new Promise((resolve) => {
      this.socket.once('close', resolve)
    })
  }
}

function decodeFrame(data: Buffer, binary: boolean): RawFrame | undefined {
  const text = binary ? inflate(data) : data.toString('utf8')
  const frame = text === undefined ? undefined : parseJson(text)
  if (!isJsonObject(frame) || typeof frame.s !== 'number') return undefined
  return {
    s: frame.s,
    sn: typeof frame.sn === 'number' ? frame.sn : undefined,
    d: isJsonObject(frame.d) ? frame.d : {},
    extra: isJsonObject(frame.extra) ? frame.extra : {},
    binary,
  }
}

function inflate(data: Buffer): string | undefined {
  try {
    return (data[0] === 0x78 ? inflateSync(data) : inflateRawSync(data)).toString('utf8')
  } catch {
    return undefined
  }
}

/** Asks for a gateway URL. */
export async function gatewayUrl(emulator: KookEmulator, compress: 0 | 1 = 1): Promise<string> {
  const { data } = await callApi(emulator, 'GET gateway/index', { compress })
  if (typeof data.url !== 'string') throw new TypeError('no gateway URL')
  return data.url
}

/** Logs in at the gateway and waits for the HELLO. */
export async function login(
  emulator: KookEmulator,
  compress: 0 | 1 = 1,
): Promise<{ client: RawGatewayClient; sessionId: string }> {
  const client = new RawGatewayClient(await gatewayUrl(emulator, compress))
  const { d } = await client.frame(1)
  return { client, sessionId: typeof d.session_id === 'string' ? d.session_id : '' }
}

/** Connects to resume a session. */
export async function resume(
  emulator: KookEmulator,
  parameters: Record<string, string>,
): Promise<RawGatewayClient> {
  const query = Object.entries(parameters).map(([name, value]) => `&${name}=${value}`)
  return new RawGatewayClient(`${await gatewayUrl(emulator)}&resume=1${query.join('')}`)
}
