import type { ChatEvent } from '../model/event.ts'
import { all, any, type Filter, not } from './combine.ts'

/** A filter as it stands in a config: every key that is given has to fit; a list fits when one of it does. */
export interface FilterSpec {
  /** Name of the platform, such as `onebot`. */
  readonly platform?: string | readonly string[]
  /** Id of the bot's account. */
  readonly bot?: string | readonly string[]
  /** Id of the guild. */
  readonly guild?: string | readonly string[]
  /** Id of the channel. */
  readonly channel?: string | readonly string[]
  /** Id of the person. */
  readonly user?: string | readonly string[]
  /** One-to-one chats only, or everything but those. */
  readonly direct?: boolean
  /** At least one of these has to fit. */
  readonly any?: readonly FilterSpec[]
  /** This must not fit. */
  readonly not?: FilterSpec
}

type Reader = (event: ChatEvent) => string | undefined

const readers = {
  platform: (event) => event.platform,
  bot: (event) => event.selfId,
  guild: (event) => event.guild?.id,
  channel: (event) => event.channel?.id,
  user: (event) => event.user?.id,
} as const satisfies Record<string, Reader>

const keys = ['platform', 'bot', 'guild', 'channel', 'user'] as const

/** Makes a filter of its written form. */
export function compileFilter(spec: FilterSpec): Filter {
  const filters: Filter[] = []
  for (const key of keys) {
    const wanted = spec[key]
    if (wanted !== undefined) filters.push(oneOf(readers[key], wanted))
  }
  if (spec.direct !== undefined) {
    filters.push((event) => (event.channel?.type === 'direct') === spec.direct)
  }
  if (spec.any !== undefined) filters.push(any(...spec.any.map(compileFilter)))
  if (spec.not !== undefined) filters.push(not(compileFilter(spec.not)))
  return all(...filters)
}

function oneOf(read: Reader, wanted: string | readonly string[]): Filter {
  if (typeof wanted === 'string') return (event) => read(event) === wanted
  const ids = new Set(wanted)
  return (event) => {
    const id = read(event)
    return id !== undefined && ids.has(id)
  }
}

/**
 * Filters, of which each is a permission, too.
 *
 * @example
 * ```ts
 * ctx.on('poke', answer, { when: filter.all(filter.of({ platform: 'onebot' }), filter.not(isNight)) })
 * ```
 */
export const filter: {
  /** Makes a filter of its written form, as it stands in a config. */
  readonly of: typeof compileFilter
  /** Fits when one of them does. */
  readonly any: typeof any
  /** Fits when all of them do. */
  readonly all: typeof all
  /** Fits when the other one does not. */
  readonly not: typeof not
} = { of: compileFilter, any, all, not }
