import { defined, readBoolean, readId, readNumber, readText } from '@mynah/adapter-kit'
import {
  type Channel,
  type ChatEventName,
  type Emoji,
  type Guild,
  type Member,
  type Message,
  MynahError,
  type PressedButton,
  type User,
} from '@mynah/core'
import type { Target } from '../encode/target.ts'
import type { Decoded, EventFields, EventFrame, Loose } from './context.ts'
import { listIn } from '../wire/read.ts'

/** Events that promise a user, of which the platform does not always tell. */
const needsUser: ReadonlySet<ChatEventName> = new Set(['interaction/button'])

/**
 * Holds what was read to what events promise: every id is one, everything else is of its kind or left out.
 *
 * @throws MynahError `FRAME_INVALID` where an id is missing.
 */
export function checkDecoded({ type, key, time, referrer, ...rest }: Decoded): EventFrame & EventFields {
  const checked = readFields<EventFields>(rest, fields)
  const isUnnamed = type !== undefined && needsUser.has(type) && checked.user === undefined
  return { ...checked, type: isUnnamed ? undefined : type, key, time, ...defined({ referrer }) }
}

type Check<T> = (value: Loose<T> | undefined) => T | undefined

/** How each field of something is read; what a reader does not give is left out. */
type Readers<T> = { readonly [K in keyof T]-?: (value: Loose<T>[K]) => T[K] | undefined }

function readFields<T extends object>(value: Loose<T>, readers: Readers<T>): T {
  const read: Partial<T> = {}
  for (const name in readers) {
    const field = readers[name](value[name])
    if (field !== undefined) read[name] = field
  }
  // The one cast: the reader of a field that has to be there gives it, or throws.
  return read as T
}

const checking =
  <T extends object>(readers: Readers<T>): Check<T> =>
  (value) =>
    value === undefined ? undefined : readFields(value, readers)

const asItIs = <T>(value: T): T => value

const idOf =
  (what: string) =>
  (value: unknown): string => {
    const id = readId(value)
    if (id === undefined) throw new MynahError('FRAME_INVALID', `The ${what} has no id.`)
    return id
  }

const ranks: ReadonlySet<unknown> = new Set(['owner', 'admin', 'member'])

const user = checking<User>({
  id: idOf('user'),
  name: readText,
  nick: readText,
  avatar: readText,
  isBot: readBoolean,
  locale: readText,
})

const member = checking<Member>({
  user,
  nick: readText,
  avatar: readText,
  title: readText,
  joinedAt: readNumber,
  role: (role) => (ranks.has(role) ? role : undefined),
  roleIds: (ids) => ids && listIn(ids).flatMap((id) => readId(id) ?? []),
})

const guild = checking<Guild>({
  id: idOf('guild'),
  name: readText,
  avatar: readText,
  ownerId: readId,
  memberCount: readNumber,
})

const channel = checking<Channel>({ id: idOf('channel'), type: asItIs, name: readText, parentId: readId })

const message: Check<Message> = checking<Message>({
  id: idOf('message'),
  content: asItIs,
  user,
  member,
  guild,
  channel,
  createdAt: readNumber,
  updatedAt: readNumber,
  quote: (quote) => message(quote),
})

const fields: Readers<EventFields> = {
  user,
  operator: user,
  member,
  guild,
  channel,
  message,
  target: checking<Target>({ kind: asItIs, id: idOf('place') }),
  emoji: checking<Emoji>({ id: idOf('emoji'), name: readText }),
  button: checking<PressedButton>({ id: (id) => readId(id) ?? '', value: readText }),
  comment: readText,
}
