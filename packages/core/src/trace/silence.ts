import type { TraceKind } from './kinds.ts'
import type { Trace, TraceStep } from './trace.ts'

/** Why a message got no answer. */
export type SilenceCode =
  | 'busy'
  | 'cooldown'
  | 'disabled'
  | 'failed'
  | 'filtered'
  | 'near-miss'
  | 'no-command'
  | 'not-addressed'
  | 'nothing-said'
  | 'paused'
  | 'permission'
  | 'quota'
  | 'send-failed'
  | 'suppressed'
  | 'swallowed'
  | 'timed-out'
  | 'too-old'
  | 'unheard'

/** Why a message got no answer, or not the one that was hoped for. */
export interface Silence {
  /** Stable: match on it. */
  readonly code: SilenceCode
  /** What decided: the name of a plugin, a command or a middleware. */
  readonly by: string
  /** More about it, in words. */
  readonly detail: string
}

/** What shows that somebody was answered, or that a question took the message. */
const answers: ReadonlySet<TraceKind> = new Set<TraceKind>(['sent', 'prompt', 'duplicate'])

type Reason = (step: TraceStep) => SilenceCode | undefined

/** What a step of a trace says about an answer that is missing; the last one that says something counts. */
const reasons: { readonly [K in TraceKind]?: Reason } = {
  late: ({ detail }) => (detail.includes('too old') ? 'too-old' : undefined),
  filter: ({ label }) => (label === 'middleware' ? undefined : 'filtered'),
  middleware: ({ detail }) => (detail === 'passed it on' ? undefined : 'swallowed'),
  paused: () => 'paused',
  permission: () => 'permission',
  cooldown: () => 'cooldown',
  quota: () => 'quota',
  busy: () => 'busy',
  command: () => 'nothing-said',
  'near-miss': () => 'near-miss',
  'no-command': () => 'no-command',
  disabled: () => 'disabled',
  'not-addressed': () => 'not-addressed',
  suppressed: () => 'suppressed',
  'send-failed': () => 'send-failed',
  error: () => 'failed',
  deadline: () => 'timed-out',
}

/** What says nothing about the trouble of a message that was answered. */
const usual: ReadonlySet<TraceKind> = new Set<TraceKind>(['command', 'middleware'])

/** Why a message got no answer; `undefined` when it got one. */
export function silenceOf(trace: Trace): Silence | undefined {
  const { steps } = trace
  if (steps.some(({ kind }) => answers.has(kind))) return undefined
  return reasonIn(steps) ?? { code: 'unheard', by: 'app', detail: '' }
}

/**
 * What went wrong with a message though it may have been answered: people were told that something failed, is not
 * allowed or not known. `undefined` when nothing did.
 */
export function troubleOf(trace: Trace): Silence | undefined {
  return silenceOf(trace) ?? reasonIn(trace.steps.filter(({ kind }) => !usual.has(kind)))
}

function reasonIn(steps: readonly TraceStep[]): Silence | undefined {
  for (const step of steps.toReversed()) {
    const code = reasons[step.kind]?.(step)
    if (code !== undefined) return { code, by: step.label, detail: step.detail }
  }
  return undefined
}

const words: Readonly<Record<SilenceCode, (by: string, detail: string) => string>> = {
  busy: (by, detail) => `command ${by}: ${detail}`,
  cooldown: (by, detail) => `command ${by} is used too often: ${detail}`,
  disabled: (by) => `command ${by} is switched off in the config`,
  failed: (by, detail) => `plugin ${by} failed: ${detail}`,
  filtered: (by, detail) => `${by} ${detail}`,
  'near-miss': (_, detail) => `no command is called that; near are ${detail}`,
  'no-command': (_, detail) => detail,
  'not-addressed': (_, detail) => detail,
  'nothing-said': (by) => `command ${by} ran and said nothing`,
  paused: (by, detail) => `plugin ${by} is paused: ${detail}`,
  permission: (by, detail) => `command ${by}: ${detail}`,
  quota: (by, detail) => `command ${by} was used as often as it may be: ${detail}`,
  'send-failed': (_, detail) => `the answer was not sent: ${detail}`,
  suppressed: (_, detail) => `the answer was stopped on its way out: ${detail}`,
  swallowed: (by, detail) => `middleware ${by} ${detail}`,
  'timed-out': (by, detail) => `plugin ${by}: ${detail}`,
  'too-old': (_, detail) => `the message is ${detail}`,
  unheard: () => 'no plugin had anything to say',
}

/** A silence in words, for whoever runs the bot. */
export function describeSilence({ code, by, detail }: Silence): string {
  return words[code](by, detail)
}
