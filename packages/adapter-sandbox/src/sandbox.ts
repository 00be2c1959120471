import { finished, type Readable } from 'node:stream'

import { type Context, definePlugin, type ExitRequest, type Plugin } from '@mynah/core'

import { Activity } from './activity.ts'
import { SandboxBot } from './bot.ts'
import { Chat } from './chat.ts'
import { commandNames, takeLine } from './commands.ts'
import { EventMaker } from './events.ts'
import { LineReader } from './line-reader.ts'
import { PlainScreen, type Screen } from './screen.ts'
import { type TerminalOutput, TerminalScreen } from './terminal-screen.ts'
import { World } from './world.ts'

/** How a sandbox is made; everything has the value that a program in a terminal needs. */
export interface SandboxOptions {
  /** Where lines come from. @defaultValue stdin */
  readonly input?: Readable & { readonly isTTY?: boolean }
  /** Where replies go. @defaultValue stdout */
  readonly output?: TerminalOutput
  /** Where the sandbox's own remarks go when the input is not a terminal. @defaultValue stderr */
  readonly errors?: TerminalOutput
  /** How long a piped line waits for the handlers of the line before, in ms. @defaultValue 60000 */
  readonly lineLimitMs?: number
  /** How long the end of the input waits for handlers that still run, in ms. @defaultValue 10000 */
  readonly endLimitMs?: number
}

/** What an open chat consists of. */
interface Parts {
  readonly ctx: Context
  readonly chat: Chat
  readonly activity: Activity
  readonly options: SandboxOptions
}

/**
 * Makes the sandbox: a chat with the bot on the terminal. When the input ends, the app event
 * `exit-requested` asks the program to end.
 *
 * @example
 * ```ts
 * const input = new PassThrough()
 * app.plugin(createSandbox({ input, output: new PassThrough() }))
 * await app.start()
 * input.write('/ping\n')
 * ```
 */
export function createSandbox(options: SandboxOptions = {}): Plugin<object> {
  return definePlugin({
    name: 'sandbox',
    setup(ctx) {
      const { input = process.stdin, output = process.stdout, errors = process.stderr } = options
      const isTerminal = input.isTTY === true && output.isTTY === true
      const useColours = isTerminal && (process.env['NO_COLOR'] ?? '') === ''
      const screen = isTerminal
        ? new TerminalScreen({ input, output, errors, useColours, completions: commandNames })
        : new PlainScreen(output, errors)
      const { chat, activity } = openChat(ctx, screen)
      const parts = { ctx, chat, activity, options }
      ctx.effect(() => endWhenClosed(ctx, output), 'reader of the replies')
      if (screen instanceof TerminalScreen) {
        ctx.effect(() => () => screen.close(), 'terminal')
        ctx.on('stopping', () => screen.close())
        whenReady(ctx, () => chatOnTerminal(parts, screen))
      } else {
        const reader = new LineReader(input)
        ctx.effect(() => () => reader.release(), 'input')
        whenReady(ctx, () => chatByLines(parts, reader))
      }
    },
  })
}

function openChat(ctx: Context, screen: Screen): Pick<Parts, 'chat' | 'activity'> {
  const world = new World()
  const events = new EventMaker(world)
  const activity = new Activity()
  const bot = new SandboxBot({ world, events, screen, activity })
  const chat = new Chat({
    world,
    events,
    bot,
    screen,
    quit: () =>
      ctx.emit('exit-requested', { code: 0, reason: 'The chat in the terminal was ended by :quit' }),
  })
  ctx.on('prompt-state', ({ event, isWaiting }) => {
    if (event.platform === bot.platform) activity.prompt(event.id, isWaiting)
  })
  ctx.addBot(bot)
  bot.setStatus('online')
  return { chat, activity }
}

/** Nothing is said before all plugins can hear it. */
function whenReady(ctx: Context, begin: () => unknown): void {
  const run = (): void => void ctx.scope.run(begin, undefined, 'chat')
  if (ctx.isReady) run()
  else ctx.once('ready', run)
}

function chatOnTerminal({ ctx, chat, activity, options }: Parts, screen: TerminalScreen): void {
  chat.notice('Chat with your bot. :help shows what else can be done here, Ctrl+D ends.')
  screen.open({
    state: () => ({ nextId: chat.world.nextId, speaker: chat.speaker.id, place: chat.place }),
    onLine: (line) => {
      if (line.trim() !== '') takeLine(chat, line)
    },
    onEnd: () =>
      void ctx.scope.run(
        () => end(ctx, activity, options, { reason: 'The chat in the terminal is over' }),
        undefined,
        'end of the chat',
      ),
  })
}

async function chatByLines({ ctx, chat, activity, options }: Parts, reader: LineReader): Promise<void> {
  let count = 0
  for (;;) {
    const line = await reader.next(ctx.signal)
    if (line === undefined) break
    count += 1
    if (line.trim() === '') continue
    takeLine(chat, line)
    await activity.quiet(options.lineLimitMs ?? 60_000, ctx.signal)
  }
  if (ctx.signal.aborted) return
  await end(ctx, activity, options, {
    reason: count === 0 ? 'Nobody is at the terminal' : 'The input of the terminal chat is over',
    isOptional: true,
  })
}

async function end(
  ctx: Context,
  activity: Activity,
  { endLimitMs = 10_000 }: SandboxOptions,
  request: Omit<ExitRequest, 'code'>,
): Promise<void> {
  await activity.quiet(endLimitMs, ctx.signal)
  if (!ctx.signal.aborted) requestExit(ctx, request)
}

/** A program whose replies nobody reads any more (`bot start | head`) ends. */
function endWhenClosed(ctx: Context, output: TerminalOutput): () => void {
  return finished(output, { readable: false }, () =>
    requestExit(ctx, { reason: 'Nobody reads the replies of the terminal chat any more', isOptional: true }),
  )
}

/** Where other accounts are signed in, the end of the chat ends nothing but the chat. */
function requestExit(ctx: Context, request: Omit<ExitRequest, 'code'>): void {
  if (request.isOptional === true && ctx.bots.size > 1)
    ctx.logger.info(`${request.reason}; the other accounts go on without it`)
  else ctx.emit('exit-requested', { code: 0, ...request })
}
