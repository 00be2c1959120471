import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

import type { Plugin } from '@mynah/core'
import { describeAdapter } from '@mynah/testing/contract'
import { afterAll, describe, it } from 'vitest'

import { startParrotServer } from './parrot-server.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'e2e', '.examples')

afterAll(() => rm(folder, { recursive: true, force: true }))

const skips = {
  'a mention of the bot comes in': 'Parrot has text only',
  'a picture comes in': 'Parrot has text only',
  'a picture is an argument of a command': 'Parrot has text only',
  'a quote comes in': 'Parrot has text only',
  'an answer to a message of the bot means the bot': 'Parrot has text only',
  'a command in an answer is a command': 'Parrot has text only',
  'an edited message comes in': 'Parrot has no edits',
  'a recalled message comes in': 'Parrot forgets nothing',
  'a new member comes in': 'Parrot tells of no members',
  'a new member is greeted by name': 'Parrot tells of no members',
  'a member who leaves comes in': 'Parrot tells of no members',
  'a friend request comes in': 'Parrot has no friends',
  'a request to join comes in': 'Parrot is open to everybody',
  'an invitation of the bot comes in': 'Parrot is open to everybody',
  'a reaction comes in': 'Parrot has no reactions',
  'a reaction taken back comes in': 'Parrot has no reactions',
  'a pressed button comes in': 'Parrot has no buttons',
  'a poke comes in': 'Parrot has no pokes',
  'a mention goes out': 'Parrot has text only',
  'a quote goes out': 'Parrot has text only',
  'a picture goes out': 'Parrot has text only',
}

for (const page of ['docs/guide/adapters.md', 'docs/zh-CN/guide/adapters.md']) {
  const adapter = await writtenOn(page)
  describeAdapter(
    { describe, it },
    { name: `the adapter of ${page}`, start: () => startParrotServer(adapter), skips },
  )
}

/** The adapter whose files stand on a page. */
async function writtenOn(page: string): Promise<Plugin<{ name: string; port: number }>> {
  const source = await readFile(join(root, page), 'utf8')
  for (const [, file = '', code = ''] of source.matchAll(/^```ts \[(.+?)\]\n(.*?)^```$/gms)) {
    const path = join(folder, page, file)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, code)
  }
  const module: { readonly default: Plugin<{ name: string; port: number }> } = await import(
    pathToFileURL(join(folder, page, 'parrot/index.ts')).href
  )
  return module.default
}
