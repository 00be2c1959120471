import { badParameter } from '../calls/refusal.ts'
import type { World } from './world.ts'

const wireForm = /^(?:\[#\d+;\])+$/
const unicodeEmoji = /^(?:\p{Extended_Pictographic}|\p{Emoji_Component}|\p{Regional_Indicator})+$/u

/** A Unicode emoji as the wire writes it: `[#<decimal code point>;]` for each code point. */
const encodeEmoji = (emoji: string): string =>
  Array.from(emoji, (character) => `[#${character.codePointAt(0)};]`).join('')

/**
 * The id of an emoji given as `[#128512;]`, as the character itself, or as a guild emoji id.
 *
 * @throws ApiRefusal 40000 when there is no such emoji.
 */
export function emojiId(world: World, emoji: string): string {
  if (wireForm.test(emoji)) return emoji
  if (unicodeEmoji.test(emoji)) return encodeEmoji(emoji)
  const guild = world.guilds.get(emoji.split('/')[0] ?? '')
  if (guild?.emojis.has(emoji) !== true) throw badParameter('emoji', 'is no emoji the bot may use')
  return emoji
}
