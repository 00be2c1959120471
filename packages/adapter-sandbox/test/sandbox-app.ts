import { PassThrough } from 'node:stream'

import { App, createLogger, definePlugin, type Receipt, segment } from '@mynah/core'
import { LocalBot } from '@mynah/core/adapter'

import { createSandbox, type SandboxOptions } from '../src/index.ts'

/** A plugin with one way to answer of each kind. */
export const answers = definePlugin({
  name: 'answers',
  setup(ctx) {
    ctx.command('ping').action(() => 'pong')
    ctx.command('slow').action(async () => {
      await new Promise((resolve) => {
        setTimeout(resolve, 30)
      })
      return 'late'
    })
    ctx.command('later').action(({ session }) => {
      setImmediate(() => void session.reply('afterwards'))
    })
    ctx.command('hang').action(() => new Promise<string>(() => {}))
    ctx.command('lines').action(() => 'one\ntwo')
    ctx.command('echo <text:text>').action(({ session }) => session.content)
    ctx.command('sum').action(async ({ session }) => {
      const first = Number(await session.prompt('First?'))
      return first + Number(await session.prompt('Second?'))
    })
    ctx
      .command('menu')
      .action(() => [
        'Tea?',
        segment.buttons(segment.button('y', 'Yes'), segment.button('n', 'No', { for: 'bob' })),
      ])
  },
})

/** An account on some other platform, which says and hears nothing. */
export class OtherBot extends LocalBot {
  readonly platform = 'other'
  readonly selfId = '1'
  readonly support = { elements: [] }

  override stop(): Promise<void> {
    return Promise.resolve()
  }

  override deliver(): Promise<Receipt> {
    return Promise.resolve({ status: 'delivered', messageIds: [] })
  }
}

/** An app with a sandbox; `told` is what the sandbox said on the side. */
export async function startSandbox(options: SandboxOptions = {}, plugins = [answers]) {
  const input = new PassThrough()
  const output = new PassThrough().setEncoding('utf8')
  const errors = new PassThrough().setEncoding('utf8')
  const streams = { input, output, errors }
  const logs: string[] = []
  const logger = createLogger({ stream: { write: (line) => logs.push(line) } })
  const app = new App({ logger, graceMs: 50, limits: { maxRunning: 5, maxQueued: 50 } })
  const exits: number[] = []
  app.plugin(
    definePlugin({
      name: 'host',
      setup: (ctx) => void ctx.on('exit-requested', ({ code }) => exits.push(code)),
    }),
  )
  app.plugin(createSandbox({ ...streams, ...options }))
  for (const plugin of plugins) app.plugin(plugin)
  let written = ''
  let told = ''
  output.on('data', (chunk: string) => (written += chunk))
  errors.on('data', (chunk: string) => (told += chunk))
  await app.start()
  return {
    app,
    input,
    output,
    errors,
    exits,
    logs,
    get written() {
      return written
    },
    get told() {
      return told
    },
  }
}
