import { render } from '../message/render.ts'
import { traceKinds } from './kinds.ts'
import type { Trace, TraceStep } from './trace.ts'

/** Longest text that is shown, in characters. */
const maxText = 80

/**
 * A trace for people to read: who said what and where, then a line for each step with the ms since the message
 * came in.
 *
 * @example
 * ```text
 * 2024-05-01 12:00:00.000  onebot:10001  group 42  user 7 (Lin)  "/roll 3"
 *     0 ms  came in as    onebot/message.group
 *     1 ms  command       roll: dice (took 4 ms)
 *     5 ms  sent by       dice: 1024
 *     6 ms  done
 * ```
 */
export function formatTrace(trace: Trace): string {
  return [header(trace), ...trace.steps.map(line)].join('\n')
}

function header({ event, startedAt }: Trace): string {
  const { user, guild, channel, message } = event
  const time = new Date(startedAt).toISOString().replace('T', ' ').replace('Z', '')
  const place = [
    guild === undefined ? undefined : named('guild', guild.id, guild.name),
    channel === undefined || channel.id === guild?.id
      ? undefined
      : named(channel.type === 'direct' ? 'direct chat' : 'channel', channel.id, channel.name),
  ]
  const who = user === undefined ? undefined : named('user', user.id, user.nick ?? user.name)
  const what = JSON.stringify(shorten(render(message?.content ?? [])))
  return [time, `${event.platform}:${event.selfId}`, ...place, who, what]
    .filter((part) => part !== undefined)
    .join('  ')
}

function named(kind: string, id: string, name: string | undefined): string {
  return name === undefined || name === id ? `${kind} ${id}` : `${kind} ${id} (${name})`
}

function line({ kind, label, detail, atMs, tookMs }: TraceStep): string {
  const took = tookMs === undefined ? '' : ` (took ${tookMs} ms)`
  const what = kind === 'done' ? '' : detail === '' ? label : `${label}: ${shorten(detail)}`
  return `${String(atMs).padStart(6)} ms  ${traceKinds[kind].padEnd(14)}  ${what}${took}`.trimEnd()
}

function shorten(text: string): string {
  return text.length <= maxText ? text : `${text.slice(0, maxText - 1)}…`
}
