/** The implementations that are told apart; `other` follows the OneBot 11 documents. */
export type Implementation = 'go-cqhttp' | 'napcat' | 'llonebot' | 'lagrange' | 'other'

/** In what the implementations differ, as far as it matters to a client. */
export interface Quirks {
  readonly implementation: Implementation
  /** Whether the answer of a webhook may carry a reply, with the documented effect for certain. */
  readonly takesReplies: boolean
  /** How a file is sent: as a segment of a message, or by an upload action that has no message id. */
  readonly files: 'segment' | 'upload'
  /** What `upload_*_file` takes: any source, or only a path on its own machine. */
  readonly uploads: 'any' | 'path'
  /** Whether large files can be handed over in parts (`upload_file_stream`). */
  readonly streams: boolean
  /** How reactions are set and taken back. */
  readonly reactions: 'emoji-like' | 'emoji-like-unset' | 'group-reaction' | 'none'
  /** The parameter of `get_*_msg_history` that names the message to begin at. */
  readonly historyFrom: 'message_seq' | 'message_id'
  /** Whether that parameter holds a message id or the true sequence number. */
  readonly historyBy: 'id' | 'seq'
  /** The parameter that turns the order of the history, where there is one. */
  readonly historyReverse: 'reverse_order' | 'reverseOrder' | undefined
  /** Whether heartbeats know that QQ has signed the account out. */
  readonly heartbeatKnows: boolean
  /** Whether `friend_add` comes when somebody asks, not when they have become a friend. */
  readonly announcesFriendsEarly: boolean
}

const documented: Quirks = {
  implementation: 'other',
  // Some ignore the answers of webhooks, others put a quote in front of replies.
  takesReplies: false,
  files: 'segment',
  uploads: 'any',
  streams: false,
  reactions: 'emoji-like',
  historyFrom: 'message_seq',
  historyBy: 'seq',
  historyReverse: undefined,
  heartbeatKnows: true,
  announcesFriendsEarly: false,
}

/** The one table of differences; everything else is decided by what an implementation does. */
export const quirks: Readonly<Record<Implementation, Quirks>> = {
  other: documented,
  'go-cqhttp': {
    ...documented,
    implementation: 'go-cqhttp',
    takesReplies: true,
    files: 'upload',
    uploads: 'path',
    reactions: 'none',
    heartbeatKnows: false,
  },
  napcat: {
    ...documented,
    implementation: 'napcat',
    streams: true,
    historyBy: 'id',
    historyReverse: 'reverse_order',
  },
  llonebot: {
    ...documented,
    implementation: 'llonebot',
    reactions: 'emoji-like-unset',
    historyReverse: 'reverseOrder',
  },
  lagrange: {
    ...documented,
    implementation: 'lagrange',
    files: 'upload',
    uploads: 'path',
    reactions: 'group-reaction',
    historyFrom: 'message_id',
    historyBy: 'id',
    heartbeatKnows: false,
    announcesFriendsEarly: true,
  },
}

const names: readonly (readonly [RegExp, Implementation])[] = [
  [/go-cqhttp/i, 'go-cqhttp'],
  [/napcat/i, 'napcat'],
  [/llonebot|llbot|lltwobot|luckylillia/i, 'llonebot'],
  [/lagrange/i, 'lagrange'],
]

/** Finds the quirks by `app_name` of `get_version_info`. */
export function quirksOf(appName: string): Quirks {
  const found = names.find(([pattern]) => pattern.test(appName))
  return quirks[found?.[1] ?? 'other']
}

/** Other names of an action, tried once each when the first is unknown. */
export const aliases: Readonly<Record<string, readonly string[]>> = {
  delete_group_folder: ['delete_group_file_folder'],
  fetch_ptt_text: ['voice_msg_to_text'],
  get_qun_album_list: ['get_group_album_list'],
  set_group_kick_members: ['batch_delete_group_member'],
  trans_group_file: ['set_group_file_forever'],
  _del_group_notice: ['_delete_group_notice'],
  send_group_sign: ['set_group_sign'],
  ocr_image: ['.ocr_image'],
  group_poke: ['send_poke'],
  friend_poke: ['send_poke'],
  get_rkey: ['nc_get_rkey'],
}
