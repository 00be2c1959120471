import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** A fenced block of code on a page. */
export interface Block {
  readonly page: string
  /** Line of the page that holds the first line of code. */
  readonly line: number
  readonly language: string
  /** Whether it is a fragment that cannot stand alone: "```ts nocheck". */
  readonly isFragment: boolean
  /** File it stands for: "```ts [plugins/dice.ts]", or a comment with the name in the first line. */
  readonly file: string | undefined
  readonly code: string
}

/** All blocks of all pages, in the order of the pages' names. */
export async function readPages(): Promise<Block[]> {
  return (await Promise.all((await findPages(root)).map(readBlocks))).flat()
}

async function findPages(folder: string): Promise<string[]> {
  const found: string[] = []
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.name.startsWith('.') || ['node_modules', 'dist', 'CHANGELOG.md'].includes(entry.name)) continue
    if (entry.isDirectory()) found.push(...(await findPages(path)))
    else if (entry.name.endsWith('.md')) found.push(relative(root, path).split(sep).join('/'))
  }
  return found.sort()
}

async function readBlocks(page: string): Promise<Block[]> {
  const lines = (await readFile(join(root, page), 'utf8')).split('\n')
  const found: Block[] = []
  for (let index = 0; index < lines.length; index += 1) {
    const [, indent = '', fence, language = '', info = ''] =
      /^( *)(`{3,})(\w*)(.*)$/.exec(lines[index] ?? '') ?? []
    if (fence === undefined) continue
    const first = index + 1
    index = lines.findIndex((line, at) => at >= first && line.trim() === fence)
    if (index < 0) throw new Error(`${page}:${first}: the block is never closed`)
    const code = lines.slice(first, index).map((line) => line.slice(indent.length))
    found.push({
      page,
      line: first + 1,
      language,
      isFragment: /\bnocheck\b/.test(info),
      file: (/\[(.+)\]/.exec(info) ?? /^(?:\/\/|#) ([\w./-]+\.\w+)$/.exec(code[0] ?? ''))?.[1],
      code: code.join('\n'),
    })
  }
  return found
}
