import { MynahError } from '../errors/mynah-error.ts'
import { UserError } from '../errors/user-error.ts'
import type { Scope } from '../lifecycle/scope.ts'
import { type Content, plainText } from '../message/element.ts'
import type { ChatEvent } from '../model/event.ts'
import { deferred } from '../shared/deferred.ts'
import type { Incoming } from './incoming.ts'
import type { PromptScope } from './prompt-table.ts'

/** How a question is asked. */
export interface PromptOptions<T> {
  /** How long to wait for an answer in ms. @defaultValue 60000 */
  readonly timeoutMs?: number
  /** Whose message counts as the answer. @defaultValue 'user' */
  readonly by?: PromptScope
  /** Words that end the question. @defaultValue ['cancel', '取消'] */
  readonly cancelWords?: readonly string[]
  /** Makes a value of the answer; a thrown `UserError` is told to the person, who may try again. */
  readonly validate?: (text: string) => T
  /** How often a wrong answer may be corrected. @defaultValue 2 */
  readonly retries?: number
}

interface Asker {
  readonly event: ChatEvent
  reply(content: Content): Promise<unknown>
}

/** Asks a question and waits; see `Session.prompt`. */
export async function ask<T>(
  session: Asker,
  incoming: Incoming,
  scope: Scope,
  question: Content,
  options: PromptOptions<T>,
): Promise<T | string> {
  const { retries = 2, validate } = options
  await session.reply(question)
  for (let left = retries; ; left -= 1) {
    const answer = await nextAnswer(session.event, incoming, scope, options)
    if (validate === undefined) return answer
    try {
      return validate(answer)
    } catch (error) {
      if (!UserError.is(error) || left <= 0) throw error
      await session.reply(error.message)
    }
  }
}

async function nextAnswer<T>(
  event: ChatEvent,
  incoming: Incoming,
  scope: Scope,
  options: PromptOptions<T>,
): Promise<string> {
  const { timeoutMs = 60_000, by = 'user', cancelWords = ['cancel', '取消'] } = options
  const { promise, resolve, reject } = deferred<string>()
  const stopWaiting = incoming.host.prompts.add(event, by, (answer) => {
    const text = plainText(answer.message?.content ?? []).trim()
    if (cancelWords.includes(text)) reject(new MynahError('PROMPT_CANCELLED', 'The person said so.'))
    else resolve(text)
  })
  const cancelTimer = incoming.host.clock.setTimeout(() => {
    reject(new MynahError('PROMPT_TIMEOUT', `No answer within ${timeoutMs} ms.`))
  }, timeoutMs)
  const stop = (): void => {
    reject(new MynahError('PLUGIN_STOPPED', `${scope.name} stopped while it waited for an answer.`))
  }
  const forget = scope.own('prompt', event.type, stop)
  scope.signal.addEventListener('abort', stop, { once: true })
  incoming.waiting += 1
  incoming.host.onPrompt(event, true)
  try {
    return await promise
  } finally {
    incoming.waiting -= 1
    incoming.host.onPrompt(event, false)
    stopWaiting()
    cancelTimer()
    scope.signal.removeEventListener('abort', stop)
    await forget()
  }
}
