import { pathToFileURL } from 'node:url'

import type { MediaAttributes } from '@mynah/core'

/** Where the media of an element is: its address, or the URL of a local file. */
export function mediaSource({ src, path }: Pick<MediaAttributes, 'src' | 'path'>): string {
  return path === undefined ? (src ?? '') : pathToFileURL(path).href
}
