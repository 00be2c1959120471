import { resolve } from 'node:path'

import { ControlError } from '@mynah/control'
import { RemoteControl } from '@mynah/control/client'
import { printable } from '@mynah/core'

import { exitCodes } from '../exit-codes.ts'
import type { AskingOptions } from '../options.ts'
import type { Texts } from '../texts/texts.ts'

/** Asks the bot of a folder; what it cannot be asked or cannot do is said in words. @returns The exit code. */
export async function asking(
  { cwd, json }: AskingOptions,
  texts: Texts,
  ask: (control: RemoteControl) => Promise<void>,
): Promise<number> {
  try {
    await ask(await RemoteControl.open(resolve(cwd)))
    return exitCodes.stopped
  } catch (error) {
    if (!ControlError.is(error)) throw error
    const { code, message } = error
    if (json === true) process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`)
    else process.stderr.write(`${printable(texts.errors[code](message), '')}\n`)
    return code === 'CONTROL_NOT_RUNNING' ? exitCodes.notRunning : exitCodes.failed
  }
}

/** Writes an answer, for programs or for people. */
export function print({ json }: AskingOptions, answer: object, words: string): void {
  process.stdout.write(`${json === true ? JSON.stringify(answer) : words}\n`)
}
