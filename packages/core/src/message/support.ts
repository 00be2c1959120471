/** How many messages one answer may become; a longer one is not sent at all. */
export const maxParts = 20

/** Whether a platform shows elements of a type. */
export function isShown(type: string, { elements }: MessageSupport): boolean {
  return (
    elements.includes(type) ||
    (type.includes(':') && elements.includes(`${type.slice(0, type.indexOf(':'))}:*`))
  )
}

/** What an adapter can put on the wire; everything else is rewritten to something it can. Plain data. */
export interface MessageSupport {
  /** Element types that the platform shows by itself, `onebot:*` for all that begin so; `text` always counts. */
  readonly elements: readonly string[]
  /** Most characters (UTF-16 units) of text in one message. @defaultValue no limit */
  readonly maxTextLength?: number
}
