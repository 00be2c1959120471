import { crc32 } from 'node:zlib'
import type { Profile, ProfileLetter } from '../wire/profile.ts'
import type { Chat, StoredMessage } from './entities.ts'

/** How much of one chat `get_group_msg_history` and its like can reach. */
const historyLimit = 1000

/** One key for each conversation. */
const chatKey = (chat: Chat): string => (chat.kind === 'group' ? `g${chat.groupId}` : `p${chat.userId}`)

const idMakers: Record<ProfileLetter, (chat: string, seq: number, random: number) => number> = {
  // A checksum as a signed number, so half of the ids are negative.
  G: (chat, seq) => crc32(`${chat}-${seq}`) | 0,
  N: (chat, seq) => crc32(`${chat}-${seq}`) & 0x7fffffff,
  B: (chat, seq) => crc32(`${chat}:${seq}`) & 0x7fffffff,
  // The low halves of a random number and of the sequence, packed.
  L: (_chat, seq, random) => ((random & 0xffff) << 16) | (seq & 0xffff),
}

/** All messages, by id and by chat; as forgetful as the implementation. */
export class MessageLog {
  readonly #byId = new Map<number, StoredMessage>()
  readonly #byChat = new Map<string, StoredMessage[]>()
  readonly #seqs = new Map<string, number>()
  readonly #profile: Profile
  #random = 0x51ed27

  constructor(profile: Profile) {
    this.#profile = profile
  }

  /** Gives the message its id and sequence number and keeps it. */
  add(draft: Omit<StoredMessage, 'id' | 'seq' | 'recalled' | 'reactions'>): StoredMessage {
    const key = chatKey(draft.chat)
    const seq = (this.#seqs.get(key) ?? 20_000) + 1
    this.#seqs.set(key, seq)
    this.#random = (Math.imul(this.#random, 1_103_515_245) + 12_345) >>> 0
    const id = idMakers[this.#profile.letter](key, seq, this.#random >>> 8)
    const message: StoredMessage = { ...draft, id, seq, recalled: false, reactions: new Map() }
    this.#byId.set(id, message)
    if (this.#byId.size > this.#profile.remembers) {
      const oldest = this.#byId.keys().next()
      if (oldest.done !== true) this.#byId.delete(oldest.value)
    }
    const history = this.#byChat.get(key)
    if (history === undefined) this.#byChat.set(key, [message])
    else {
      history.push(message)
      if (history.length > historyLimit * 2) history.splice(0, historyLimit)
    }
    return message
  }

  get(id: number): StoredMessage | undefined {
    return this.#byId.get(id)
  }

  /**
   * The last `count` messages of a chat, oldest first.
   *
   * @param until - Where to end, that message included; the newest when left out.
   */
  history(chat: Chat, count: number, until?: (message: StoredMessage) => boolean): StoredMessage[] {
    const all = this.#byChat.get(chatKey(chat)) ?? []
    const end = until === undefined ? all.length : all.findLastIndex(until) + 1
    return all.slice(Math.max(0, end - count), end).filter((message) => !message.recalled)
  }

  /** The newest message of every chat, newest chat last. */
  latest(): StoredMessage[] {
    return [...this.#byChat.values()].flatMap((messages) => messages.at(-1) ?? [])
  }
}
