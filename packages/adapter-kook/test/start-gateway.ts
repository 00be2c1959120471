import type { LoginStatus } from '@mynah/core'
import type { JsonObject, KookEmulator } from '@mynah/emulator-kook'
import { RecordingLogger, TestClock } from '@mynah/core/testing'
import { vi } from 'vitest'

import { PlatformApi } from '../src/api/platform.ts'
import { Gateway, type GatewayOptions } from '../src/receive/gateway.ts'
import { KookHttp } from '../src/http.ts'
import type { KookEventData } from '../src/wire/events.ts'

/** A gateway connection to the emulator whose time stands still until it is moved. */
export class StartedGateway implements AsyncDisposable {
  readonly clock = new TestClock()
  readonly logger = new RecordingLogger()
  readonly events: KookEventData[] = []
  readonly statuses: LoginStatus[] = []
  /** Why events were refused. */
  readonly refused: string[] = []
  readonly gateway: Gateway
  readonly #emulator: KookEmulator
  readonly #http: KookHttp

  constructor(emulator: KookEmulator, options: Partial<GatewayOptions> & { compress?: boolean } = {}) {
    this.#emulator = emulator
    const { baseUrl, token } = emulator
    this.#http = new KookHttp({ baseUrl, token, logger: this.logger })
    const api = new PlatformApi(this.#http)
    this.gateway = new Gateway({
      lookUp: async (signal) => (await api.gateway(options.compress ?? true, signal)).url,
      onEvent: (data) => this.events.push(data),
      onRefused: (reason, count = 1) => this.refused.push(...Array.from({ length: count }, () => reason)),
      onStatus: (status) => this.statuses.push(status),
      logger: this.logger,
      clock: this.clock,
      random: () => 0.5,
      ...options,
    })
  }

  /** Ids of the events that came, in order. */
  get ids(): string[] {
    return this.events.map((event) => event.msg_id)
  }

  /** What an operator was told. */
  get told(): string[] {
    return this.logger.lines.flatMap(({ level, message }) => (level === 'debug' ? [] : [message]))
  }

  /** Numbers in the resume parameters and pings of the emulator's view. */
  async connect(): Promise<void> {
    this.gateway.start()
    await this.online()
  }

  /** Waits until HELLO was taken, and forgets that it was. */
  async online(): Promise<void> {
    await until(() => this.statuses.includes('online'), 'the connection to be online')
    this.statuses.length = 0
  }

  /** Waits until a connection has ended, moves on by `ms`, and forgets that it ended. */
  async endedThen(ms: number): Promise<void> {
    await until(() => this.statuses.some((status) => status !== 'online'), 'the connection to end')
    await until(() => this.clock.delays.includes(ms), `a timer of ${ms} ms`)
    this.statuses.length = 0
    await this.clock.advance(ms)
  }

  /** Waits until so many events came. */
  async received(count: number): Promise<void> {
    await until(() => this.events.length === count, `${count} events`)
  }

  /** How often the URL of a gateway was asked for. */
  get lookUps(): number {
    return this.#emulator.calls.filter(({ path }) => path === 'gateway/index').length
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway.stop()
    await this.#http.stop()
  }
}

/** Waits for something, or says what did not come. */
async function until(isTrue: () => boolean, what: string): Promise<void> {
  await vi.waitFor(
    () => {
      if (!isTrue()) throw new Error(`Waited in vain for ${what}`)
    },
    { interval: 2, timeout: 15_000 },
  )
}

/** A system event with an id, for gateway tests. */
export function event(id: string): JsonObject {
  return {
    channel_type: 'PERSON',
    type: 255,
    target_id: '1',
    author_id: '1',
    content: '[系统消息]',
    extra: { type: 'self_exited_guild', body: { guild_id: id } },
    msg_id: id,
    msg_timestamp: 1,
    nonce: '',
  }
}
