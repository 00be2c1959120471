import { readFileSync } from 'node:fs'

import { App, createLogger, definePlugin } from '@mynah/core'
import { deferred } from '@mynah/core/adapter'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { AdapterHost } from '../src/adapter.ts'
import { onebotConfig } from '../src/config.ts'
import { BoundConnection } from '../src/receive/bound-connection.ts'

const frames = 100_000

const fixtures = (
  JSON.parse(
    readFileSync(new URL('../src/decode/fixtures/onebot11.events.json', import.meta.url), 'utf8'),
  ) as {
    event: object
  }[]
).map(({ event }) => JSON.stringify(event))
const answers = [
  '{"status":"ok","retcode":0,"data":{"message_id":1},"echo":"m1"}',
  '{"status":"failed","retcode":1403,"data":null,"message":"x","echo":""}',
  '{"status":"ok","retcode":0,"stream":"stream-action","data":{"type":"stream"},"echo":"m2"}',
]
const seeds = [...fixtures, ...answers]

/** A generator of numbers that can be repeated: what fails once fails again. */
function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return Math.floor((state / 4_294_967_296) * below)
  }
}

const oddValues = [
  'null',
  '0',
  '-1',
  '1e400',
  '""',
  '[]',
  '{}',
  'true',
  '"\\u0000"',
  '[[[[]]]]',
  '{"__proto__":{"x":1}}',
  '"[CQ:at,qq=all]"',
  '99999999999999999999',
]

/** Breaks a frame: a value replaced, a stretch cut, doubled or scrambled. */
function mutate(source: string, next: (below: number) => number): string {
  const at = next(source.length)
  const value = oddValues[next(oddValues.length)] ?? ''
  switch (next(6)) {
    case 0:
      return source.replaceAll(/:\s*("[^"]*"|-?\d+|null|true|false)/g, (whole) =>
        next(4) === 0 ? `:${value}` : whole,
      )
    case 1:
      return source.slice(0, at) + source.slice(at + next(20))
    case 2:
      return source.slice(0, at) + source.slice(at, at + next(50)) + source.slice(at)
    case 3:
      return source.slice(0, at) + String.fromCharCode(next(65_536)) + source.slice(at + 1)
    case 4:
      return source.replace(/"(\w+)":/, `"$1":${value},"$1_":`)
    default:
      return source.replaceAll(/\d{5,}/g, () => String(next(1e9)))
  }
}

describe('frames that make no sense', () => {
  const failures: unknown[] = []
  const onFailure = (error: unknown): void => void failures.push(error)

  beforeEach(() => {
    failures.length = 0
    process.on('unhandledRejection', onFailure)
  })

  afterEach(() => {
    process.off('unhandledRejection', onFailure)
  })

  it(`do no harm, ${frames} of them`, { timeout: 120_000 }, async () => {
    const app = new App({ logger: createLogger({ level: 'silent' }) })
    let seen = 0
    app.plugin(
      definePlugin({
        name: 'count',
        setup(ctx) {
          ctx.on('event', () => void (seen += 1))
          ctx.command('ping').action(() => 'pong')
        },
      }),
    )
    const adapter = deferred<AdapterHost>()
    app.plugin(
      definePlugin({
        name: 'adapter',
        setup: (ctx) =>
          adapter.resolve(new AdapterHost(ctx, onebotConfig.parse({ reverse: [{}], catchUp: 10 }))),
      }),
    )
    await app.start()
    const host = await adapter.promise
    const connection = new BoundConnection({
      host,
      role: 'universal',
      timeoutMs: 50,
      socket: { send: () => true, close: () => {}, pause: () => {}, resume: () => {} },
      isAllowed: () => true,
    })
    connection.bind('3889001234')
    const next = random(11)
    const memory: number[] = []
    for (let count = 0; count < frames; count += 1) {
      const frame = mutate(seeds[next(seeds.length)] ?? '', next)
      connection.connection.receive(next(10) === 0 ? Buffer.from(frame) : frame)
      if (count % 1000 === 0) await new Promise((resolve) => setImmediate(resolve))
      if (count % (frames / 4) === frames / 4 - 1) memory.push(process.memoryUsage().heapUsed)
    }
    connection.end('over')
    await app.stop()
    expect(failures).toEqual([])
    expect(seen).toBeGreaterThan(frames / 10)
    // The last quarter may not need much more than the second: everything that is kept is bounded.
    expect((memory[3] ?? 0) - (memory[1] ?? 0)).toBeLessThan(80 * 1024 * 1024)
  })
})
