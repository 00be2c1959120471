import { z } from 'zod'

import { MynahError } from '../errors/mynah-error.ts'
import { promptKey } from '../event/prompt-scope.ts'
import type { ChatEvent, EventWith } from '../model/event.ts'
import { isPlain } from '../shared/plain.ts'
import type { Answers, DeclaredForm } from './declared-form.ts'

/** What of an event outlives the bot: who did it and where, and what an answer to it needs. */
export type KeptEvent = EventWith<'user' | 'channel'>

/** An open form as plain data. */
export interface FormState {
  /** Name of the plugin's instance. */
  readonly plugin: string
  readonly form: string
  readonly shape: string
  /** The step that is asked; empty while none is. */
  readonly step: string
  readonly answers: Answers
  /** How often a wrong answer may still be corrected. */
  readonly retriesLeft: number
  /** What the ids of the question's buttons begin with. */
  readonly buttonPrefix: string
  /** How long it waits for an answer, in ms since 1970. */
  readonly until: number
  /** Whether the question is out for certain. */
  readonly isAsked: boolean
  /** Who is asked, and where: the latest that they did. */
  readonly latest: KeptEvent
}

const identified = z.looseObject({ id: z.string() })

const event = z.looseObject({
  id: z.string(),
  type: z.string(),
  platform: z.string(),
  selfId: z.string(),
  user: identified,
  channel: identified,
})

const schema = z.object({
  plugin: z.string(),
  form: z.string(),
  shape: z.string(),
  step: z.string(),
  answers: z.record(z.string(), z.unknown()),
  retriesLeft: z.number(),
  buttonPrefix: z.string(),
  until: z.number(),
  isAsked: z.boolean(),
  latest: z.custom<KeptEvent>((value) => event.safeParse(value).success),
})

/** Reads what was stored; `undefined` for what is no open form. */
export function readState(stored: unknown): FormState | undefined {
  const { data } = schema.safeParse(stored)
  return data
}

/** A form before its first question. @throws MynahError `FORM_INVALID` where there is nobody to ask. */
export function firstState(
  { scope, name, shape }: DeclaredForm,
  { message: _message, member: _member, ...rest }: ChatEvent,
  known: Answers,
): FormState {
  const { user, channel, type } = rest
  if (user === undefined || channel === undefined) {
    throw new MynahError('FORM_INVALID', `${type} is of nobody in a channel, so ${name} has nobody to ask.`)
  }
  return {
    plugin: scope.name,
    form: name,
    shape,
    step: '',
    answers: known,
    retriesLeft: 0,
    buttonPrefix: '',
    until: 0,
    isAsked: false,
    latest: { ...rest, user, channel, raw: null },
  }
}

/** The same person in the same place, who has done something more. A press may have come from elsewhere. */
export function later(
  { channel, guild, user }: KeptEvent,
  { message: _message, member: _member, ...rest }: ChatEvent,
): KeptEvent {
  return { user, ...rest, channel, ...(guild === undefined ? {} : { guild }), raw: null }
}

/** Where a form is kept: one person in one place has one. */
export function keyOf({ latest }: FormState): string {
  return promptKey(latest, 'user')
}

/** An answer that JSON gives back as it is. @throws MynahError `FORM_INVALID` for others. */
export function plainAnswer(form: string, step: string, answer: unknown): unknown {
  if (answer === undefined || isPlain(answer)) return answer
  throw new MynahError(
    'FORM_INVALID',
    `The answer "${step}" of ${form} cannot be stored: let validate give text, numbers, lists or plain objects, such as an ISO 8601 text in place of a Date.`,
  )
}
