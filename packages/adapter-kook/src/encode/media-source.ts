import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'

import type { Element, MediaAttributes } from '@mynah/core'

type Source = Pick<MediaAttributes, 'src' | 'path'>

/** Where the media of an element is: its address, or the URL of a local file. */
export function mediaSource({ src, path }: Source): string {
  return path === undefined ? (src ?? '') : pathToFileURL(path).href
}

/** What media is called: its title, else the name of its file, where it has one. */
export function mediaTitle({
  title,
  src,
  path,
}: Source & Pick<MediaAttributes, 'title'>): string | undefined {
  if (title !== undefined && title !== '') return title
  const name = path === undefined ? nameInAddress(src) : basename(path)
  return name === '' ? undefined : name
}

function nameInAddress(src: string | undefined): string {
  if (src === undefined || !/^https?:/i.test(src) || !URL.canParse(src)) return ''
  const name = basename(new URL(src).pathname)
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/**
 * URLs of the local files that elements name by `path`: only those may be read. A text in the place of an
 * address may have come from a chat.
 */
export function localFilesIn(elements: readonly Element[]): string[] {
  return elements.flatMap(({ attrs, children }) => {
    const { path } = attrs
    const own = typeof path === 'string' ? [pathToFileURL(path).href] : []
    return own.concat(localFilesIn(children))
  })
}
