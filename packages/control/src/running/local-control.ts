import { thrownError, z } from '@mynah/core'
import type { Project } from '@mynah/loader'

import { ControlError } from '../errors.ts'
import {
  type Control,
  type QuestionName,
  type Questions,
  questions,
  type StreamName,
  type Streams,
  streams,
} from '../protocol/requests.ts'
import { explain } from './explain.ts'
import type { LogTail } from './log-tail.ts'
import { sendBy } from './send.ts'
import { type ProcessFacts, statusOf } from './status.ts'

/** What a running bot gives to be asked. */
export interface ControlHost {
  /** What runs. */
  readonly project: Project
  /** What only the process knows. */
  readonly facts: ProcessFacts
  /** Takes what the bot logs. */
  readonly log: LogTail
  /** Begins to end the process, in a way that starts it again or not. */
  readonly end: (kind: 'stop' | 'restart', by: string) => void
}

type Answers = {
  readonly [K in QuestionName]: (
    params: Questions[K]['params'],
  ) => Questions[K]['answer'] | Promise<Questions[K]['answer']>
}

/** Asks the bot of this process. */
export class LocalControl implements Control {
  readonly #host: ControlHost
  readonly #answers: Answers

  constructor(host: ControlHost) {
    this.#host = host
    const { project, facts, end } = host
    this.#answers = {
      status: () => statusOf(project, facts),
      stop: ({ by }) => this.#ended('stop', by, end),
      restart: ({ by }) => this.#ended('restart', by, end),
      send: (message) => sendBy(project.app, message),
      explain: (query) => explain(project, query),
    }
  }

  ask<K extends QuestionName>(name: K, params: Questions[K]['params']): Promise<Questions[K]['answer']> {
    return this.answer(name, params)
  }

  follow<K extends StreamName>(
    name: K,
    params: Streams[K]['params'],
    signal?: AbortSignal,
  ): AsyncIterable<Streams[K]['item']> {
    return this.items(name, params, signal)
  }

  /** As {@link ask}, with what somebody else has sent. @throws ControlError as that does. */
  async answer<K extends QuestionName>(name: K, params: unknown): Promise<Questions[K]['answer']> {
    const read = readParams(name, questions[name].params, params)
    try {
      return await this.#answers[name](read)
    } catch (error) {
      if (ControlError.is(error)) throw error
      throw new ControlError('CONTROL_FAILED', thrownError(error).message, { cause: error })
    }
  }

  /** As {@link follow}, with what somebody else has sent. @throws ControlError as that does. */
  items<K extends StreamName>(
    name: K,
    params: unknown,
    signal?: AbortSignal,
  ): AsyncIterable<Streams[K]['item']> {
    return this.#host.log.read(readParams(name, streams[name].params, params), signal)
  }

  #ended(kind: 'stop' | 'restart', by: string, end: ControlHost['end']): { pid: number } {
    end(kind, by)
    return { pid: process.pid }
  }
}

function readParams<Params>(name: string, schema: z.ZodType<Params>, params: unknown): Params {
  const read = schema.safeParse(params)
  if (read.success) return read.data
  throw new ControlError('CONTROL_INVALID', `${name}: ${z.prettifyError(read.error)}`)
}
