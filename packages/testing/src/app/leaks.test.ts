import { createServer } from 'node:net'

import { definePlugin, MynahError } from '@mynah/core'
import { describe, expect, it } from 'vitest'

import { createTestApp, expectNoLeaks, type TestApp } from '../index.ts'

const complaint = (test: TestApp): Promise<string> =>
  expectNoLeaks(test).then(
    () => 'no leaks',
    (error: unknown) => (MynahError.is(error) ? error.message : String(error)),
  )

async function testAppWith(setup: Parameters<typeof definePlugin>[0]['setup']): Promise<TestApp> {
  const t = createTestApp()
  await t.plugin(definePlugin({ name: 'suspect', setup }))
  return t
}

describe('a leak check', () => {
  it('is content with a plugin that registers all kinds of things through its context', async () => {
    const t = await testAppWith((ctx) => {
      ctx.command('ask').action(({ session }) => session.prompt('What?'))
      ctx.on('event', () => {})
      ctx.use((_, next) => next())
      ctx.setInterval(() => {}, 1000)
      ctx.effect(() => {
        const server = createServer().listen(0, '127.0.0.1')
        return () => void server.close()
      })
    })
    await t.user('alice').say('/ask')
    await t.user('alice').expectReply('What?')
    await expectNoLeaks(t)
    await expectNoLeaks(t)
  })

  it('finds an interval of Node', async () => {
    let timer: NodeJS.Timeout | undefined
    const t = await testAppWith(() => {
      timer = setInterval(() => {}, 60_000)
    })
    expect(await complaint(t)).toMatch(/Timeout, which keeps the process alive, made at .*leaks\.test\.ts/)
    clearInterval(timer)
  })

  it('finds a server and a listener of the process', async () => {
    const server = createServer()
    const onWarning = (): void => {}
    const t = await testAppWith(async () => {
      process.on('warning', onWarning)
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve)
      })
    })
    const story = await complaint(t)
    expect(story).toContain('TCPSERVERWRAP, which keeps the process alive')
    expect(story).toContain('1 listeners for "warning" of the process')
    process.off('warning', onWarning)
    server.close()
  })

  it('finds a timer on the clock of the app, and says who set it', async () => {
    const t = createTestApp()
    await t.plugin(definePlugin({ name: 'suspect', setup: () => void t.clock.setInterval(() => {}, 5000) }))
    expect(await complaint(t)).toMatch(/a timer, repeated, due in 5000 ms, set at .*leaks\.test\.ts/)
  })

  it('finds clean-up that fails', async () => {
    const t = await testAppWith((ctx) => {
      ctx.effect(
        () => () => {
          throw new Error('stuck')
        },
        'door',
      )
    })
    expect(await complaint(t)).toContain('suspect failed in stopping effect "door": stuck')
  })

  it('finds handlers that do not end when they are told to', async () => {
    let end: (() => void) | undefined
    const t = await testAppWith((ctx) => {
      ctx.command('wait').action(
        () =>
          new Promise<void>((resolve) => {
            end = resolve
          }),
      )
    })
    void t.user('alice').say('/wait')
    const story = await complaint(t)
    expect(story).toContain('1 handlers of suspect that still run')
    expect(story).toContain('1 events that are still being handled')
    end?.()
  })
})
