import { z } from '@mynah/core'

import type {
  BotStatus,
  EndingProcess,
  EndRequest,
  ExplainQuery,
  Explanation,
  LogLine,
  LogQuery,
  OutgoingMessage,
  SentMessage,
} from './resources.ts'
import {
  botStatus,
  endingProcess,
  endRequest,
  explainQuery,
  explanation,
  logLine,
  logQuery,
  outgoingMessage,
  sentMessage,
} from './schemas.ts'

/** Version of the list below; a client of another one is told to bring the same. */
export const protocolVersion: number = 1

/** What has one answer: what it is asked with, and what it is answered with. */
export interface Questions {
  /** How the bot is. */
  status: { params: object; answer: BotStatus }
  /** Ends it cleanly. */
  stop: { params: EndRequest; answer: EndingProcess }
  /** Ends it cleanly and starts it in a new process, so that changed packages count. */
  restart: { params: EndRequest; answer: EndingProcess }
  /** Sends a message. */
  send: { params: OutgoingMessage; answer: SentMessage }
  /** What was decided about one of the latest messages. */
  explain: { params: ExplainQuery; answer: Explanation }
}

/** What has many answers, one after the other: what it is asked with, and the answers. */
export interface Streams {
  /** Lines of the log. */
  logs: { params: LogQuery; item: LogLine }
}

/** Name of what has one answer. */
export type QuestionName = keyof Questions
/** Name of what has many answers. */
export type StreamName = keyof Streams

/** How questions and answers are checked. */
export const questions: {
  readonly [K in QuestionName]: {
    readonly params: z.ZodType<Questions[K]['params']>
    readonly answer: z.ZodType<Questions[K]['answer']>
  }
} = {
  status: { params: z.strictObject({}), answer: botStatus },
  stop: { params: endRequest, answer: endingProcess },
  restart: { params: endRequest, answer: endingProcess },
  send: { params: outgoingMessage, answer: sentMessage },
  explain: { params: explainQuery, answer: explanation },
}

/** How what is asked for and each answer are checked. */
export const streams: {
  readonly [K in StreamName]: {
    readonly params: z.ZodType<Streams[K]['params']>
    readonly item: z.ZodType<Streams[K]['item']>
  }
} = {
  logs: { params: logQuery, item: logLine },
}

/** Asks a running bot; in its own process and from another one alike. */
export interface Control {
  /**
   * Asks something that has one answer.
   *
   * @throws ControlError when the bot cannot do it, or is not there.
   */
  ask<K extends QuestionName>(name: K, params: Questions[K]['params']): Promise<Questions[K]['answer']>
  /**
   * Asks for what has many answers, until there are no more or the signal aborts.
   *
   * @throws ControlError as {@link ask} does, at the first step.
   */
  follow<K extends StreamName>(
    name: K,
    params: Streams[K]['params'],
    signal?: AbortSignal,
  ): AsyncIterable<Streams[K]['item']>
}
