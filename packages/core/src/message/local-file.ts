import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A file of this machine that a plugin sends. Plain data. */
export interface LocalFile {
  /** Absolute. */
  readonly path: string
}

/**
 * Names a file of this machine to be sent: the only way to do so, since addresses of media may come from people.
 * Never hand it a text that came from a chat. The file is read when the message is sent.
 *
 * @example
 * ```ts
 * await session.reply(segment.image(file(new URL('./cat.png', import.meta.url))))
 * ```
 * @param path - Relative to the folder the bot runs in, absolute, or a `file:` URL.
 */
export function file(path: string | URL): LocalFile {
  if (path instanceof URL) return { path: fileURLToPath(path) }
  return { path: windowsPath.test(path) ? path : resolve(path) }
}

/** A path of Windows is whole on any machine: it may be handed to a program on another one. */
const windowsPath = /^[a-z]:[\\/]|^\\\\/i
