import type { ChatEvent } from '../model/event.ts'

/** Says whether something concerns an event. Cheap, pure and synchronous. */
export type Filter = (event: ChatEvent) => boolean

/** A filter as it stands in a config: every key that is given has to fit; a list fits when one of it does. */
export interface FilterSpec {
  readonly platform?: string | readonly string[]
  /** Id of the bot's account. */
  readonly bot?: string | readonly string[]
  readonly guild?: string | readonly string[]
  readonly channel?: string | readonly string[]
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
  if (spec.any !== undefined) filters.push(anyOf(...spec.any.map(compileFilter)))
  if (spec.not !== undefined) filters.push(not(compileFilter(spec.not)))
  return allOf(...filters)
}

function oneOf(read: Reader, wanted: string | readonly string[]): Filter {
  if (typeof wanted === 'string') return (event) => read(event) === wanted
  const ids = new Set(wanted)
  return (event) => {
    const id = read(event)
    return id !== undefined && ids.has(id)
  }
}

/** Fits when all of them do. */
export function allOf(...filters: readonly Filter[]): Filter {
  const [first, ...others] = filters
  if (first !== undefined && others.length === 0) return first
  return (event) => filters.every((filter) => filter(event))
}

/** Fits when one of them does. */
export function anyOf(...filters: readonly Filter[]): Filter {
  return (event) => filters.some((filter) => filter(event))
}

function not(filter: Filter): Filter {
  return (event) => !filter(event)
}
