import type { MessageScene } from '../wire/chat.ts'
import { listIn } from '../wire/read.ts'

/**
 * Reads `message_scene.ext`: `key=value` texts, split at the first `=` because values end in `==`.
 * Known keys are `msg_idx`, `ref_msg_idx` and `auth_token`.
 */
export function readSceneExt(scene: MessageScene | undefined): Readonly<Record<string, string>> {
  const entries: [string, string][] = []
  for (const line of listIn(scene?.ext)) {
    if (typeof line !== 'string') continue
    const cut = line.indexOf('=')
    if (cut > 0) entries.push([line.slice(0, cut), line.slice(cut + 1)])
  }
  return Object.fromEntries(entries)
}
