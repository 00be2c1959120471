import type { JsonObject } from '@mynah/emulator-kit'

const unauthorized = 401
const tooOften = 429

/** What the emulator says with each code it sends on its own: HTTP status (400 unless given) and text. */
const known: Record<number, readonly [message: string, status?: number]> = {
  10000: ['invalid parameter'],
  10001: ['unknown account'],
  10003: ['unknown channel'],
  10004: ['unknown guild'],
  11241: ['token is missing', unauthorized],
  11243: ['token is wrong', unauthorized],
  11244: ['token not exist or expire', unauthorized],
  11253: ['this bot is not allowed to call the interface', 403],
  11255: ['only private-domain bots may call the interface', 403],
  11265: ['the bot is banned', 403],
  11282: ['the bot must be an administrator of the guild', 403],
  11298: ['the source IP is not in the allowlist', unauthorized],
  12002: ['bad request'],
  20028: ['channel write limit', tooOften],
  22006: ['msg_type does not fit the content'],
  22009: ['msg limit exceed', tooOften],
  40007: ['the replacement does not start with the text already shown'],
  50001: ['stream send failed', 500],
  50002: ['stream frames come too fast', tooOften],
  50006: ['the message is empty'],
  50035: ['form-data error'],
  50037: ['markdown excludes content, embed and ark'],
  50049: ['only messages of the bot can be edited'],
  50050: ['only markdown messages can be edited'],
  50056: ['no right to send native markdown in a guild', 403],
  50057: ['native markdown and template exclude each other'],
  50059: ['input_type is wrong'],
  302001: ['unknown schedule'],
  302010: ['no right to manage schedules', 403],
  302012: ['the guild made too many schedules today', tooOften],
  302014: ['a schedule may span 7 days at most'],
  302021: ['the administrator made too many schedules today', tooOften],
  301001: ['invalid permission value'],
  301006: ['no right to manage permissions', 403],
  304003: ['url not allowed'],
  304004: ['ark not allowed', 403],
  304005: ['embed is malformed'],
  304018: ['the bot is not connected to the gateway'],
  304020: ['the picture is too large'],
  304021: ['the picture cannot be fetched'],
  304023: ['push message is waiting for audit now', 202],
  304024: ['reply message is waiting for audit now', 202],
  304025: ['blocked by the content check'],
  304026: ['msg_id is wrong'],
  304027: ['msg_id is too old'],
  304031: ['direct messages are closed'],
  304032: ['unknown direct message session'],
  304045: ['too many proactive messages in the channel today', tooOften],
  304046: ['proactive messages are switched off', 403],
  304047: ['proactive messages in too many channels today', tooOften],
  304049: ['too many proactive direct messages to the user today', tooOften],
  304050: ['too many proactive direct messages of the bot today', tooOften],
  304080: ['file_info is wrong or expired'],
  304082: ['the media cannot be fetched', 500],
  305007: ['keyboard is malformed'],
  306001: ['unknown message'],
  306004: ['no right to recall', 403],
  340069: ['msg_type is not supported here'],
  40011000: ['value out of range'],
  40034004: ['the media cannot be copied', 500],
  40034005: ['msg_id expired'],
  40034006: ['the content is refused'],
  40034008: ['a template value is empty'],
  40034009: ['a template value has a line break'],
  40034024: ['msg_id invalid'],
  40034025: ['event_id invalid'],
  40034026: ['event_id expired'],
  40034027: ['this event cannot be replied to'],
  40034029: ['the keyboard has too many rows or buttons'],
  40034100: ['too many proactive messages', tooOften],
  40034101: ['the bot is not in the group'],
  40034102: ['no right to send proactive messages to the group', 403],
  40034105: ['no right to send proactive messages to the user', 403],
  40034122: ['the wake-up message of this period is used'],
  40034123: ['wake-up is not supported here'],
  40034128: ['the replies to this message are used up'],
  40054002: ['the bot is muted'],
  40054003: ['the bot is not in the group'],
  40054004: ['the user is not a friend of the bot'],
  40054005: ['msg_seq is a duplicate'],
  40054010: ['url not allowed'],
  40061001: ['unknown message'],
  40062003: ['the bot must be an administrator of the group', 403],
  40064004: ['the message is older than 2 minutes'],
  40093001: ['the part has not arrived yet'],
  501001: ['unknown announcement or message'],
  501013: ['20 messages are pinned already'],
  501016: ['3 channels can be recommended'],
  501017: ['no right to manage announcements and pins', 403],
  502001: ['invalid mute'],
  503001: ['invalid thread'],
  503012: ['the thread is gone'],
  610012: ['too many permission requests today', tooOften],
  620001: ['invalid reaction'],
  620002: ['too many kinds of reactions'],
  620003: ['the reaction is set already'],
  620004: ['the reaction is not set'],
  630001: ['invalid parameter'],
  630002: ['unknown interaction'],
  630003: ['the interaction belongs to another bot'],
  850019: ['the format of the file is wrong'],
  850031: ['the file is too large'],
  100001: ['too many token requests', 200],
  100007: ['appid invalid', 200],
  100016: ['invalid appid or secret', 200],
}

/** Overrides for an {@link ApiRefusal}. */
export interface ApiRefusalOptions {
  status?: number
  message?: string
  data?: JsonObject
}

/** A refusal of the platform: thrown by endpoint handlers, written to the wire as status and error body. */
export class ApiRefusal extends Error {
  override readonly name: string = 'ApiRefusal'
  readonly code: number
  readonly status: number
  readonly data: JsonObject | undefined

  constructor(code: number, options: ApiRefusalOptions = {}) {
    const [message, status] = known[code] ?? ['error']
    super(options.message ?? message)
    this.code = code
    this.status = options.status ?? status ?? 400
    this.data = options.data
  }
}
