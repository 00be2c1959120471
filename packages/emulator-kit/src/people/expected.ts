import { MynahError } from '@mynah/core'
import type { Mailbox } from '@mynah/core/testing'

/** What a message has to be: this very text, text that fits, or anything a function says yes to. */
export type Expected<M> = string | RegExp | ((message: M) => boolean)

/** Whether a message is the expected one. @param texts - What its text may be taken for; the first is what people read. */
export function fits<M>(
  message: M,
  expected: Expected<M> | undefined,
  texts: readonly [string, ...string[]],
): boolean {
  if (expected === undefined) return true
  if (typeof expected === 'string') return texts.includes(expected)
  return expected instanceof RegExp ? expected.test(texts[0]) : expected(message)
}

/** An expectation in words. */
export function inWords(expected: Expected<never> | undefined): string {
  if (expected === undefined) return 'a message'
  if (typeof expected === 'string') return `the message ${JSON.stringify(expected)}`
  return `a message ${expected instanceof RegExp ? 'like' : 'that fits'} ${String(expected)}`
}

/**
 * Waits whether nothing comes.
 *
 * @param quietMs - How long, in ms of real time.
 * @throws MynahError `TEST_EXPECTATION` as soon as something does.
 */
export async function expectSilence<M>(
  mailbox: Mailbox<M>,
  sees: (message: M) => boolean,
  quietMs: number,
  describe: (message: M) => string,
): Promise<void> {
  const heard = await mailbox.take(sees, 'silence', quietMs).catch((error: unknown) => {
    if (MynahError.is(error)) return undefined
    throw error
  })
  if (heard === undefined) return
  throw new MynahError('TEST_EXPECTATION', `Expected silence, but the bot said: ${describe(heard)}`)
}
