import { z } from '@mynah/core'

import type {
  AccountStatus,
  BotStatus,
  EndingProcess,
  EndRequest,
  EntryStatus,
  ExplainedStep,
  ExplainQuery,
  Explanation,
  LogLine,
  LogQuery,
  OutgoingMessage,
  SentMessage,
} from './resources.ts'

const account: z.ZodType<AccountStatus> = z.object({
  key: z.string(),
  platform: z.string(),
  selfId: z.string(),
  name: z.string().optional(),
  status: z.string(),
  lastEventAt: z.number().optional(),
  refused: z.number(),
})

const entry: z.ZodType<EntryStatus> = z.object({
  id: z.string(),
  name: z.string(),
  state: z.string(),
  waitsFor: z.array(z.string()),
  error: z.object({ code: z.string().optional(), message: z.string() }).optional(),
})

export const botStatus: z.ZodType<BotStatus> = z.object({
  pid: z.int(),
  version: z.string(),
  node: z.string(),
  mode: z.enum(['development', 'production']),
  root: z.string(),
  startedAt: z.number(),
  isReady: z.boolean(),
  accounts: z.array(account),
  entries: z.array(entry),
  running: z.number(),
  queued: z.number(),
  residentBytes: z.number(),
  heapBytes: z.number(),
})

export const logQuery: z.ZodType<LogQuery> = z.strictObject({
  plugin: z.string().optional(),
  level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).optional(),
  lines: z.int().min(0).optional(),
  follow: z.boolean().optional(),
})

export const logLine: z.ZodType<LogLine> = z.looseObject({
  level: z.number(),
  time: z.number(),
  msg: z.string().optional(),
})

export const outgoingMessage: z.ZodType<OutgoingMessage> = z.strictObject({
  account: z.string(),
  channel: z.string().optional(),
  user: z.string().optional(),
  text: z.string().min(1),
})

export const sentMessage: z.ZodType<SentMessage> = z.object({
  account: z.string(),
  channel: z.string(),
  messageIds: z.array(z.string()),
})

export const explainQuery: z.ZodType<ExplainQuery> = z.strictObject({
  message: z.string().optional(),
  user: z.string().optional(),
  place: z.string().optional(),
})

const step: z.ZodType<ExplainedStep> = z.object({
  kind: z.string(),
  label: z.string(),
  detail: z.string(),
  atMs: z.number(),
  tookMs: z.number().optional(),
})

export const explanation: z.ZodType<Explanation> = z.object({
  id: z.string(),
  account: z.string(),
  receivedAt: z.number(),
  user: z.string(),
  place: z.string(),
  text: z.string(),
  isAnswered: z.boolean(),
  reason: z.object({ code: z.string(), by: z.string(), detail: z.string() }).optional(),
  notRunning: z.array(entry),
  steps: z.array(step),
})

export const endRequest: z.ZodType<EndRequest> = z.strictObject({ by: z.string() })

export const endingProcess: z.ZodType<EndingProcess> = z.object({ pid: z.int() })
