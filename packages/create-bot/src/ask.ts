import { basename, resolve } from 'node:path'
import type { Readable, Writable } from 'node:stream'

import { isCancel, select, text } from '@clack/prompts'

import { nameProblem, suggestName } from './package-name.ts'
import { type Platform, platforms } from './platforms.ts'
import { folderState } from './scaffold.ts'
import type { Texts } from './texts.ts'

/** Folder that a bot goes into when nobody says otherwise. */
export const defaultFolder = 'my-bot'

/** What the person wants. */
export interface Wish {
  /** Path of the folder, as it was written. */
  readonly folder: string
  /** What the bot talks through. */
  readonly platform: Platform
}

/** Where questions are asked. */
export interface Terminal {
  /** Where answers come from. */
  readonly input: Readable
  /** Where questions go. */
  readonly output: Writable
}

/** Asks what was not said, two questions at most; `undefined` when the person gives up. */
export async function ask(
  known: { readonly folder?: string | undefined; readonly platform?: Platform | undefined },
  words: Texts,
  terminal: Terminal,
): Promise<Wish | undefined> {
  const folder = known.folder ?? (await askName(words, terminal))
  if (folder === undefined) return undefined
  const platform = known.platform ?? (await askPlatform(words, terminal))
  return platform === undefined ? undefined : { folder, platform }
}

async function askName(words: Texts, terminal: Terminal): Promise<string | undefined> {
  const name = await text({
    ...terminal,
    message: words.askName,
    placeholder: defaultFolder,
    defaultValue: defaultFolder,
    validate: (value) => targetMessage(value || defaultFolder, words),
  })
  return isCancel(name) ? undefined : name
}

async function askPlatform(words: Texts, terminal: Terminal): Promise<Platform | undefined> {
  const platform = await select<Platform>({
    ...terminal,
    message: words.askPlatform,
    options: platforms.map((value) => ({ value, label: value, hint: words.platforms[value] })),
  })
  return isCancel(platform) ? undefined : platform
}

/** What is wrong with a folder and the name that it gives, in words. */
export function targetMessage(folder: string, words: Texts): string | undefined {
  const root = resolve(folder)
  const state = folderState(root)
  if (state === 'occupied') return words.notEmpty(folder)
  if (state === 'file') return words.notFolder(folder)
  const name = basename(root)
  const problem = nameProblem(name)
  return problem === undefined ? undefined : words.badName(name, problem, suggestName(name))
}
