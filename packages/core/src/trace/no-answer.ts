import type { TraceKind } from './kinds.ts'
import type { Trace, TraceStep } from './trace.ts'

/** What shows that somebody was answered, or that a question took the message. */
const answers: ReadonlySet<TraceKind> = new Set<TraceKind>(['sent', 'prompt', 'duplicate'])

type Reason = (step: TraceStep) => string | undefined

/** Why nothing was said, by the step of a trace that tells; the last one that tells counts. */
const reasons: { readonly [K in TraceKind]?: Reason } = {
  late: ({ detail }) => (detail.includes('too old') ? `the message is ${detail}` : undefined),
  filter: ({ label, detail }) => (label === 'middleware' ? undefined : `${label} ${detail}`),
  middleware: ({ label, detail }) =>
    detail === 'passed it on' ? undefined : `middleware ${label} ${detail}`,
  permission: ({ label, detail }) => `command ${label}: ${detail}`,
  cooldown: ({ label, detail }) => `command ${label} is used too often: ${detail}`,
  busy: ({ label, detail }) => `command ${label}: ${detail}`,
  command: ({ label }) => `command ${label} ran and said nothing`,
  'no-command': ({ detail }) => detail,
  suppressed: ({ detail }) => `the answer was stopped on its way out: ${detail}`,
  'send-failed': ({ detail }) => `the answer was not sent: ${detail}`,
  error: ({ label, detail }) => `plugin ${label} failed: ${detail}`,
  deadline: ({ label, detail }) => `plugin ${label}: ${detail}`,
}

/** Why a message got no answer, in words for whoever runs the bot; `undefined` when it got one. */
export function whyNoAnswer(trace: Trace): string | undefined {
  const { steps } = trace
  if (steps.some(({ kind }) => answers.has(kind))) return undefined
  const told = steps.map((step) => reasons[step.kind]?.(step)).findLast((reason) => reason !== undefined)
  return told ?? 'no plugin had anything to say'
}
