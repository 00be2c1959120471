import { type App, type Bot, text } from '@mynah/core'

import { ControlError } from '../errors.ts'
import type { OutgoingMessage, SentMessage } from '../protocol/resources.ts'

/**
 * Sends a message by one of the accounts.
 *
 * @throws ControlError `CONTROL_INVALID` when no account or place is meant; `CONTROL_FAILED` when it was not sent.
 */
export async function sendBy(app: App, message: OutgoingMessage): Promise<SentMessage> {
  const bot = chooseAccount(app, message.account)
  const channel = await placeOf(bot, message)
  const receipt = await bot.sendMessage(channel, text(message.text))
  if (receipt.status === 'failed') {
    const { code, message: why } = receipt.error
    throw new ControlError('CONTROL_FAILED', `${bot.key} did not send it (${code}): ${why}`)
  }
  return { account: bot.key, channel, messageIds: [...receipt.messageIds] }
}

/** The account of that key, or the platform's only one; of several, one that is online. */
function chooseAccount(app: App, wanted: string): Bot {
  const all = Array.from(app.bots)
  const fitting = all.filter(({ key, platform }) => key === wanted || platform === wanted)
  const chosen = fitting.find(({ status }) => status === 'online') ?? fitting[0]
  if (chosen !== undefined) return chosen
  const known = all.length === 0 ? 'none is signed in' : `there is ${all.map(({ key }) => key).join(', ')}`
  throw new ControlError('CONTROL_INVALID', `There is no account ${wanted}; ${known}.`)
}

async function placeOf(bot: Bot, { channel, user }: OutgoingMessage): Promise<string> {
  if (channel !== undefined && user === undefined) return channel
  if (channel !== undefined || user === undefined)
    throw new ControlError(
      'CONTROL_INVALID',
      'A message goes to a channel or to a user: name one of the two.',
    )
  const direct = await bot.createDirectChannel(user)
  return direct.id
}
