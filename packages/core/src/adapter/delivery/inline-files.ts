import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'

import { MynahError } from '../../errors/mynah-error.ts'
import type { Element } from '../../message/element.ts'

/** Puts the bytes of local files in the place of their paths, so that the files may go. */
export async function inlineFiles(elements: readonly Element[], maxBytes: number): Promise<Element[]> {
  const inlined: Element[] = []
  for (const element of elements) inlined.push(await inline(element, maxBytes))
  return inlined
}

/** Whether any of them is a file of this machine. */
export function hasFiles(elements: readonly Element[]): boolean {
  return elements.some(({ attrs, children }) => typeof attrs['path'] === 'string' || hasFiles(children))
}

async function inline(element: Element, maxBytes: number): Promise<Element> {
  const { type, attrs, children: inside } = element
  const children = await inlineFiles(inside, maxBytes)
  const { path, ...rest } = attrs
  if (typeof path !== 'string') return { type, attrs, children }
  const bytes = await read(path, maxBytes)
  const src = `data:application/octet-stream;base64,${bytes.toString('base64')}`
  const title = type === 'file' && rest['title'] === undefined ? { title: basename(path) } : {}
  return { type, attrs: { ...rest, ...title, src }, children }
}

async function read(path: string, maxBytes: number): Promise<Buffer> {
  try {
    const status = await stat(path)
    if (!status.isFile()) throw new MynahError('MEDIA_REFUSED', `${path} is no file.`)
    if (status.size > maxBytes) throw tooLarge()
    return await readFile(path)
  } catch (error) {
    if (MynahError.is(error)) throw error
    throw new MynahError('MEDIA_REFUSED', `${path} cannot be read, so it cannot be stored.`, { cause: error })
  }
}

/** The message is larger than a journal takes. */
export function tooLarge(): MynahError {
  return new MynahError('OUTBOX_FULL', 'One durable message may have 16 MB; send larger files as usual.')
}
