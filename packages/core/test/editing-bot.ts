import { type MessageSupport, plainText, type Receipt } from '../src/index.ts'
import type { OutgoingMessage } from '../src/adapter.ts'
import { FakeBot } from './fake-bot.ts'

/** A bot that can change what it has sent. */
export class EditingBot extends FakeBot {
  override support: MessageSupport = { elements: ['at'] }
  /** Edits that were made, oldest first. */
  readonly edits: { readonly id: string; readonly text: string; readonly key: string | undefined }[] = []
  /** All that went out, in order: texts, and edits as `id=text`. */
  readonly log: string[] = []
  /** What an edit waits for, or fails with; replaced by tests. */
  onEdit: (message: OutgoingMessage) => Promise<void> = () => Promise.resolve()

  override async deliver(message: OutgoingMessage): Promise<Receipt> {
    const receipt = await super.deliver(message)
    this.log.push(plainText(message.elements))
    return receipt
  }

  override async edit(message: OutgoingMessage): Promise<Receipt> {
    const { messageId: id = '', elements, key } = message
    await this.onEdit(message)
    this.edits.push({ id, text: plainText(elements), key })
    this.log.push(`${id}=${plainText(elements)}`)
    return { status: 'delivered', messageIds: [id] }
  }
}
