import { existsSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'

import { z } from '@mynah/core'

import { ControlError, type ControlErrorCode } from '../errors.ts'
import { placesOf } from '../protocol/place.ts'
import {
  type Control,
  protocolVersion,
  type QuestionName,
  type Questions,
  questions,
  type StreamName,
  type Streams,
  streams,
} from '../protocol/requests.ts'
import { readRunFile, type RunFile } from '../protocol/run-file.ts'
import { isAnswering } from './connection.ts'

/** How long an answer may take by itself, in ms; a bot whose code blocks never answers. */
const answerLimitMs = 30_000

const refusalSchema = z.object({ code: z.string(), message: z.string() })

/** Asks a bot of another process on this machine. */
export class RemoteControl implements Control {
  /** The process of the bot. */
  readonly pid: number
  readonly #run: RunFile

  private constructor(run: RunFile) {
    this.#run = run
    this.pid = run.pid
  }

  /**
   * Finds the bot that runs in a folder.
   *
   * @throws ControlError `CONTROL_NOT_RUNNING` when none does; `CONTROL_VERSION` when it runs on a version of Mynah that
   * understands something else.
   */
  static async open(root: string): Promise<RemoteControl> {
    const places = existsSync(root) ? placesOf(root) : []
    for (const runFile of new Set(places.map((place) => place.runFile))) {
      const run = readRunFile(runFile)
      if (run === undefined || !(await isAnswering(run.address))) continue
      if (run.protocol !== protocolVersion) {
        throw new ControlError(
          'CONTROL_VERSION',
          `The bot (process ${run.pid}) runs on another version of Mynah; restart it so that both are the same.`,
        )
      }
      return new RemoteControl(run)
    }
    throw new ControlError('CONTROL_NOT_RUNNING', `No bot runs in ${root}. Start it with: bot start`)
  }

  async ask<K extends QuestionName>(
    name: K,
    params: Questions[K]['params'],
  ): Promise<Questions[K]['answer']> {
    const response = await this.#send(name, params)
    // A bot of the same version of the protocol may say more than is known here, never less.
    return readAnswer(questions[name].answer, await text(response))
  }

  async *follow<K extends StreamName>(
    name: K,
    params: Streams[K]['params'],
    signal?: AbortSignal,
  ): AsyncGenerator<Streams[K]['item']> {
    const response = await this.#send(name, params, signal)
    response.setTimeout(0)
    try {
      for await (const line of createInterface({ input: response, crlfDelay: Infinity }))
        yield readAnswer(streams[name].item, line)
    } catch (error) {
      if (signal?.aborted !== true) throw error
    }
  }

  /** @throws ControlError with what the bot says, or `CONTROL_NO_ANSWER`. */
  async #send(name: string, params: object, signal?: AbortSignal): Promise<IncomingMessage> {
    const { address, token } = this.#run
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const asked = request(
        {
          socketPath: address,
          path: `/v${protocolVersion}/${name}`,
          method: 'POST',
          headers: { authorization: `Bearer ${token}` },
          timeout: answerLimitMs,
          ...(signal === undefined ? {} : { signal }),
        },
        resolve,
      )
      const fail = (cause?: unknown): void => {
        const message = `The bot (process ${this.pid}) does not answer; its log may tell what holds it up.`
        reject(new ControlError('CONTROL_NO_ANSWER', message, { cause }))
      }
      asked.once('timeout', () => {
        fail()
        asked.destroy()
      })
      asked.once('error', fail)
      asked.end(JSON.stringify(params))
    })
    if (response.statusCode === 200) return response
    throw await refusalIn(response)
  }
}

async function refusalIn(response: IncomingMessage): Promise<ControlError> {
  const body = await text(response)
  if (response.statusCode === 401)
    return new ControlError('CONTROL_NOT_RUNNING', 'The bot has just started anew; ask again.')
  const { code, message } = readAnswer(refusalSchema, body)
  return new ControlError(isControlCode(code) ? code : 'CONTROL_FAILED', message)
}

function isControlCode(code: string): code is ControlErrorCode {
  return code.startsWith('CONTROL_')
}

function readAnswer<Answer>(schema: z.ZodType<Answer>, body: string): Answer {
  try {
    return schema.parse(JSON.parse(body))
  } catch (cause) {
    throw new ControlError('CONTROL_VERSION', 'The answer of the bot cannot be read; restart it.', { cause })
  }
}
