import { plainText, silenceOf, type Trace, troubleOf } from '@mynah/core'
import type { Project } from '@mynah/loader'

import { ControlError } from '../errors.ts'
import type { EntryStatus, ExplainQuery, Explanation } from '../protocol/resources.ts'
import { entriesOf } from './status.ts'

/**
 * What was decided about the newest message that fits.
 *
 * @throws ControlError `CONTROL_FAILED` when none of the latest messages does.
 */
export function explain(project: Project, query: ExplainQuery): Explanation {
  const trace = Array.from(project.app.inspect.traces).findLast((one) => fits(one, query))
  if (trace === undefined)
    throw new ControlError('CONTROL_FAILED', 'None of the latest messages is that one; have it sent again.')
  const { event, startedAt, steps } = trace
  const { user, channel, guild, message } = event
  const reason = troubleOf(trace)
  const mayBeMissing = reason?.code === 'no-command' || reason?.code === 'unheard'
  return {
    id: event.id,
    account: `${event.platform}:${event.selfId}`,
    receivedAt: startedAt,
    user: named(user),
    place: guild === undefined ? named(channel) : named(guild),
    text: plainText(message?.content ?? []),
    isAnswered: silenceOf(trace) === undefined,
    ...(reason === undefined ? {} : { reason }),
    notRunning: mayBeMissing ? notRunning(project) : [],
    steps: steps.map(({ tookMs, ...step }) => (tookMs === undefined ? step : { ...step, tookMs })),
  }
}

/** What waits, has failed, or is switched off in the config. */
function notRunning(project: Project): EntryStatus[] {
  const idle = entriesOf(project).filter(({ state }) => state !== 'active')
  const disabled = project.plan.disabled.map((id) => {
    const name = id.slice(id.indexOf('.') + 1)
    return { id, name, state: 'disabled', waitsFor: [] }
  })
  return [...idle, ...disabled]
}

function fits({ event }: Trace, { message, user, place }: ExplainQuery): boolean {
  if (message !== undefined && event.id !== message && event.message?.id !== message) return false
  if (user !== undefined && event.user?.id !== user) return false
  return place === undefined || event.channel?.id === place || event.guild?.id === place
}

function named(one: { readonly id: string; readonly name?: string } | undefined): string {
  if (one === undefined) return ''
  return one.name === undefined || one.name === one.id ? one.id : `${one.name} (${one.id})`
}
