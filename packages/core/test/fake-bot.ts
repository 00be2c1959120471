import {
  App,
  type AppOptions,
  Bot,
  type ChatEvent,
  type Content,
  createLogger,
  plainText,
  type Receipt,
  toElements,
} from '../src/index.ts'
import type { OutgoingMessage } from '../src/index.ts'

/** A bot without a platform: keeps what is sent, and lets people speak. */
export class FakeBot extends Bot {
  readonly platform = 'fake'
  readonly selfId: string
  readonly support = { elements: new Set(['at', 'image', 'quote']) }
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
    return this.emit(this.message(content, fields))
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
export function startFakeApp(options: AppOptions = {}): { app: App; bot: FakeBot; logs: string[] } {
  const logs: string[] = []
  const logger = createLogger({ level: 'debug', stream: { write: (line) => logs.push(line) } })
  const app = new App({ logger, ...options })
  const bot = new FakeBot()
  app.addBot(app.root, bot)
  return { app, bot, logs }
}
