const directPrefix = 'user:'

/** Id of the one-to-one chat with a user whose code is not known. */
export function directIdOf(userId: string): string {
  return directPrefix + userId
}

/** Where a channel id leads: a channel of a guild, or a chat by its code or by its user. */
export type Target =
  | { readonly kind: 'channel'; readonly channelId: string }
  | { readonly kind: 'chat'; readonly chatCode: string }
  | { readonly kind: 'user'; readonly userId: string }

/** Reads a channel id. Chat codes have 32 hex digits, ids of channels fewer and decimal ones. */
export function targetOf(channelId: string): Target {
  if (channelId.startsWith(directPrefix))
    return { kind: 'user', userId: channelId.slice(directPrefix.length) }
  if (/^[\da-f]{32}$/i.test(channelId)) return { kind: 'chat', chatCode: channelId }
  return { kind: 'channel', channelId }
}
