/**
 * The form in which plugins see an emoji: the characters themselves for Unicode, `<guild id>/<hash>` for an
 * emoji of a guild.
 */
export function fromWireEmoji(id: string): string {
  if (!/^(?:\[#\d+;\])+$/.test(id)) return id
  return id.replaceAll(/\[#(\d+);\]/g, (group, digits: string) => {
    const code = Number(digits)
    return code <= 0x10_ff_ff ? String.fromCodePoint(code) : group
  })
}

/** The form in which the platform takes an emoji: `[#128226;]`, or the id of a guild's emoji. */
export function toWireEmoji(emoji: string): string {
  if (emoji.includes('/') || emoji.startsWith('[#')) return emoji
  return Array.from(emoji, (character) => `[#${character.codePointAt(0) ?? 0};]`).join('')
}
