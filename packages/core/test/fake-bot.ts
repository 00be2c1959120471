import {
  App,
  type AppOptions,
  type ChatEvent,
  type Content,
  type Context,
  createLogger,
  definePlugin,
  type Dispose,
  type MessageSupport,
  plainText,
  type Receipt,
  toElements,
} from '../src/index.ts'
import { LocalBot, type OutgoingMessage } from '../src/adapter.ts'

/** A bot without a platform: keeps what is sent, and lets people speak. */
export class FakeBot extends LocalBot {
  readonly platform = 'fake'
  readonly selfId: string
  readonly support: MessageSupport = { elements: ['at', 'image', 'quote'] }
  readonly sent: { channelId: string; text: string }[] = []
  /** What `deliver` does; replaced by tests that want it to fail. */
  onDeliver: (message: OutgoingMessage) => Promise<Receipt> = () =>
    Promise.resolve({ status: 'delivered', messageIds: [String(this.sent.length)] })
  #count = 0

  constructor(selfId = 'bot') {
    super()
    this.selfId = selfId
    this.setStatus('online')
  }

  async deliver(message: OutgoingMessage): Promise<Receipt> {
    const receipt = await this.onDeliver(message)
    this.sent.push({ channelId: message.channelId, text: plainText(message.elements) })
    return receipt
  }

  /** Texts that were sent, oldest first. */
  get texts(): string[] {
    return this.sent.map(({ text }) => text)
  }

  /** Somebody writes; resolves when all handlers are done. */
  say(content: Content, fields: Partial<ChatEvent> = {}): Promise<void> {
    return this.handle(this.message(content, fields))
  }

  message(content: Content, fields: Partial<ChatEvent> = {}): ChatEvent {
    this.#count += 1
    const id = `m${this.#count}`
    return {
      id,
      type: 'message-created',
      platformType: 'fake/message',
      platform: this.platform,
      selfId: this.selfId,
      time: 0,
      user: { id: 'alice' },
      channel: { id: 'lobby', type: 'text' },
      message: { id, content: toElements(content) },
      raw: {},
      ...fields,
    }
  }

  override stop(): Promise<void> {
    return Promise.resolve()
  }
}

/** An app with a fake bot; log lines are collected instead of written. */
export function startFakeApp(options: AppOptions = {}): {
  app: App
  bot: FakeBot
  logs: string[]
  signOff: Dispose
} {
  const logs: string[] = []
  const logger = createLogger({ level: 'debug', stream: { write: (line) => logs.push(line) } })
  const app = new App({ logger, ...options })
  const bot = new FakeBot()
  const signOff = app.addBot(bot)
  return { app, bot, logs, signOff }
}

/** What a plugin of the app holds. */
export async function contextOf(app: App): Promise<Context> {
  let found: Context | undefined
  const holder = definePlugin({
    name: 'holder',
    setup(ctx) {
      found = ctx
    },
  })
  await app.plugin(holder).settled()
  if (found === undefined) throw new Error('The plugin has not started.')
  return found
}
