import type { Expected } from '@mynah/emulator-kit'

import { stringifyCq } from '../wire/cq-code.ts'
import { mediaTypes, textOf } from '../wire/segments.ts'
import { textOfValue, type Segment } from '../wire/wire.ts'
import type { StoredMessage } from '../world/entities.ts'
import type { Media } from '../world/media-store.ts'
import type { ForwardNode, World } from '../world/world.ts'

/** A message of the bot as the people in the chat see it. */
export interface HeardMessage {
  /** The id that the bot was answered with. */
  readonly messageId: number
  /** All text of the message, nothing else of it; blanks at both ends removed. */
  readonly text: string
  /** The message as the platform keeps it. */
  readonly segments: readonly Segment[]
  /** The whole message in CQ form. */
  readonly raw: string
  /** Id of the quoted message. */
  readonly quote: number | undefined
  /** Ids of the people it mentions; `all` for everybody. */
  readonly mentions: readonly (number | 'all')[]
  /** What a merged history holds; empty when the message is none. */
  readonly forward: readonly ForwardNode[]
  /** Pictures, recordings, videos and files, in order. */
  readonly media: readonly Media[]
}

/** What a reply must be: its whole text, a pattern its text matches, or anything else to check. */
export type OneBotExpected = Expected<HeardMessage>

export function hear(world: World, { id, segments }: StoredMessage): HeardMessage {
  const quoted = segments.find(({ type }) => type === 'reply')
  return {
    messageId: id,
    text: textOf(segments).trim(),
    segments,
    raw: stringifyCq(segments),
    quote: quoted === undefined ? undefined : Number(quoted.data['id']),
    mentions: segments.filter(({ type }) => type === 'at').map(mentionOf),
    forward: segments.flatMap(({ type, data }) => (type === 'forward' ? nodesOf(world, data['id']) : [])),
    media: segments
      .map(({ type, data }) => (mediaTypes.has(type) ? world.media.find(String(data['file'])) : undefined))
      .filter((media) => media !== undefined),
  }
}

const nodesOf = (world: World, id: unknown): readonly ForwardNode[] =>
  world.forwards.get(textOfValue(id)) ?? []

const mentionOf = ({ data }: Segment): number | 'all' => (data['qq'] === 'all' ? 'all' : Number(data['qq']))
