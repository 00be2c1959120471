/** What a step of a trace can be, in the words that people read. */
export const traceKinds = {
  received: 'came in as',
  duplicate: 'came again',
  queued: 'waited',
  late: 'is late',
  redelivered: 'came after a crash',
  filter: 'filtered',
  paused: 'paused',
  prompt: 'question',
  middleware: 'middleware',
  permission: 'permission',
  cooldown: 'cooldown',
  quota: 'quota',
  busy: 'busy',
  command: 'command',
  'near-miss': 'near miss',
  'no-command': 'no command',
  disabled: 'switched off',
  'not-addressed': 'not addressed',
  'bad-argument': 'bad argument',
  suppressed: 'suppressed by',
  waiting: 'waited to send',
  retry: 'sending again',
  sent: 'sent by',
  'send-failed': 'NOT SENT by',
  error: 'ERROR in',
  deadline: 'DEADLINE',
  done: 'done',
} as const

/** What a step of a trace was. */
export type TraceKind = keyof typeof traceKinds
