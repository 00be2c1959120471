import { PassThrough } from 'node:stream'

import { describe, expect, it, vi } from 'vitest'

import { ask, type Wish } from './ask.ts'
import type { Platform } from './platforms.ts'
import { texts } from './texts.ts'

const enter = '\r'
const down = '\u001B[B'
const ctrlC = '\u0003'

/** Asks, answers each question that appears with the next keys, and gives what was asked. */
async function answer(
  known: { folder?: string; platform?: Platform },
  answers: readonly (readonly [question: string, keys: readonly string[]])[],
): Promise<{ wish: Wish | undefined; shown: string }> {
  const input = new PassThrough()
  const output = new PassThrough().setEncoding('utf8')
  let shown = ''
  output.on('data', (chunk: string) => (shown += chunk))
  const asking = ask(known, texts.en, { input, output })
  for (const [question, keys] of answers) {
    await vi.waitFor(() => expect(shown).toContain(question))
    for (const key of keys) input.write(key)
  }
  return { wish: await asking, shown }
}

const { askName, askPlatform } = texts.en

describe('the questions', () => {
  it('are two, and enter takes what is suggested', async () => {
    const { wish } = await answer({}, [
      [askName, [enter]],
      [askPlatform, [enter]],
    ])
    expect(wish).toEqual({ folder: 'my-bot', platform: 'terminal' })
  })

  it('take other answers', async () => {
    const { wish } = await answer({}, [
      [askName, ['p', 'i', 'p', enter]],
      [askPlatform, [down, enter]],
    ])
    expect(wish).toEqual({ folder: 'pip', platform: 'onebot' })
  })

  it('leave out what is known', async () => {
    const { wish, shown } = await answer({ folder: 'x' }, [[askPlatform, [enter]]])
    expect(wish).toEqual({ folder: 'x', platform: 'terminal' })
    expect(shown).not.toContain(askName)
    expect((await answer({ folder: 'x', platform: 'qq' }, [])).shown).toBe('')
  })

  it('say what is wrong with a name and ask again', async () => {
    const { wish } = await answer({ platform: 'kook' }, [
      [askName, ['B', enter]],
      ['Try b.', ['\u007F', 'b', enter]],
    ])
    expect(wish).toEqual({ folder: 'b', platform: 'kook' })
  })

  it('say at once that a folder is taken, before anything else is asked', async () => {
    const { wish, shown } = await answer({ platform: 'qq' }, [
      [askName, ['.', enter]],
      ['is not empty', ['\u007F', 'f', 'r', 'e', 'e', '1', enter]],
    ])
    expect(wish).toEqual({ folder: 'free1', platform: 'qq' })
    expect(shown).not.toContain(askPlatform)
  })

  it('end with Ctrl+C', async () => {
    expect((await answer({}, [[askName, [ctrlC]]])).wish).toBeUndefined()
    expect((await answer({ folder: 'x' }, [[askPlatform, [ctrlC]]])).wish).toBeUndefined()
  })
})
