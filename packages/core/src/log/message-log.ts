import type { Bot } from '../bot/bot.ts'
import type { Receipt } from '../model/receipt.ts'
import { degrade } from '../message/degrade.ts'
import { type Content, plainText, toElements } from '../message/element.ts'
import type { ChatEvent } from '../model/event.ts'
import type { Incoming } from '../event/incoming.ts'
import { describeSilence, silenceOf } from '../trace/silence.ts'
import type { Logger } from '../shared/logger.ts'

/** What is said about those that are not out yet. */
const notes: Readonly<Record<string, string>> = { pending: ' (being checked)', stored: ' (stored)' }

/** Longest text of a message that a line shows, in characters. */
const maxText = 100

/** Everything in words. */
const words = { elements: [] }

/** Shows each message and each answer on one line, and why a message that was meant for the bot got none. */
export class MessageLog {
  readonly #logger: Logger

  constructor(logger: Logger) {
    this.#logger = logger
  }

  /** A message came in. */
  came({ bot, event }: Incoming): void {
    if (bot.isBesideLog) return
    this.#logger.info({ bot: bot.key, id: event.id }, `${bot.key} <- ${from(event)}: ${shown(said(event))}`)
  }

  /** All handlers of a message are done. */
  handled({ bot, event, trace, address }: Incoming): void {
    const silence = trace === undefined || !address.isExplicit ? undefined : silenceOf(trace)
    if (silence === undefined) return
    this.#logger.info(
      { bot: bot.key, id: event.id },
      `${bot.key} did not answer ${from(event)}: ${shown(said(event))}: ${describeSilence(silence)}`,
    )
  }

  /** A message went out, or did not. */
  sent(bot: Bot, channelId: string, content: Content, receipt: Receipt): void {
    // Those that failed are told by themselves.
    if (bot.isBesideLog || receipt.status === 'failed') return
    this.#logger.info(
      { bot: bot.key, ids: receipt.messageIds },
      `${bot.key} -> ${channelId}: ${shown(content)}${notes[receipt.status] ?? ''}`,
    )
  }
}

function said({ message }: ChatEvent): Content {
  return message?.content
}

function from({ user, guild, channel }: ChatEvent): string {
  const who = named(user?.id ?? 'somebody', user?.nick ?? user?.name)
  const place = guild ?? (channel?.type === 'direct' ? undefined : channel)
  return place === undefined ? who : `${who} in ${named(place.id, place.name)}`
}

function named(id: string, name: string | undefined): string {
  return name === undefined || name === id ? id : `${clean(name)} (${id})`
}

/** The words of a message on one line, the first of them where there are many. */
function shown(content: Content): string {
  const text = clean(plainText(degrade(toElements(content), words)))
  return text.length > maxText ? `${text.slice(0, maxText - 1)}…` : text
}

/** Nobody's text begins a line or drives a terminal. */
function clean(text: string): string {
  return text
    .slice(0, maxText * 4)
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
}
