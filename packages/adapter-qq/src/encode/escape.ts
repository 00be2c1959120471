/** Escapes plain text for a guild message; ampersands first, so that nothing is escaped twice. */
export function escapeGuildText(text: string): string {
  return replaced(replaced(replaced(text, '&', '&amp;'), '<', '&lt;'), '>', '&gt;')
}

/** Reverses {@link escapeGuildText}; ampersands last, so that `&amp;lt;` is `&lt;`. */
export function unescapeText(text: string): string {
  if (!text.includes('&')) return text
  return replaced(replaced(replaced(text, '&lt;', '<'), '&gt;', '>'), '&amp;', '&')
}

/** As `replaceAll`, whose time grows out of proportion where a long text has very many of what is replaced. */
export function replaced(text: string, from: string, to: string): string {
  return text.includes(from) ? text.split(from).join(to) : text
}

/** An opening that C2C, groups or Markdown would read as one of the platform's tags. */
const tagOpening = /<(?=@|#|emoji:|faceType|qqbot-)/gi

/** Splits what would be read as a tag by a space of no width: there is no escape outside of guilds. */
export function breakTags(text: string): string {
  return text.includes('<') ? text.split(tagOpening).join('<\u200B') : text
}

const tagForAll = /<(?=qqbot-at-everyone)/gi
const wordsForAll = /@(?=everyone)/gi

/**
 * Splits what would mention everybody by a space of no width: only the element for it does that.
 *
 * @param isGuild - Whether the words of old, `@everyone`, mention everybody as well.
 */
export function breakMentionsOfAll(text: string, isGuild: boolean): string {
  const untagged = text.split(tagForAll).join('<\u200B')
  return isGuild ? untagged.split(wordsForAll).join('@\u200B') : untagged
}

const markdownMarks = /[\\`*_~[\]()#+\-.!>|{}]+/g

/**
 * Text that reads the same inside Markdown: marks are escaped and the platform's tags cannot form.
 *
 * @example
 * ```ts
 * segment.markdown(`**${escapeMarkdown(user.name)}** said`)
 * ```
 */
export function escapeMarkdown(text: string): string {
  return breakTags(text).replaceAll(markdownMarks, (run) => `\\${run.split('').join('\\')}`)
}

const tagTextLimit = 100

/**
 * A command that is typed, or sent, when it is tapped (official docs: "Markdown", text chain).
 * `text` and `show` are cut at 100 characters.
 *
 * @param options - `enter` sends at once (C2C only); `show` is what stands there; `reference` quotes.
 */
export function commandTag(
  text: string,
  options: { enter?: boolean; show?: string; reference?: boolean } = {},
): string {
  const value = (content: string): string => encodeURIComponent(cutAt(content, tagTextLimit))
  if (options.enter === true) return `<qqbot-cmd-enter text="${value(text)}" />`
  const show = options.show === undefined ? '' : ` show="${value(options.show)}"`
  return `<qqbot-cmd-input text="${value(text)}"${show} reference="${options.reference ?? false}" />`
}

/** The first characters of a text; no character is torn. */
export function cutAt(text: string, limit: number): string {
  return text.length <= limit ? text : Array.from(text).slice(0, limit).join('')
}
