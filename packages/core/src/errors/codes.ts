/** The core's own codes, with the sentences that open their messages. */
const openings = {
  // plugins and services
  PLUGIN_INVALID: 'This is not a Mynah plugin.',
  PLUGIN_SETUP_FAILED: 'A plugin failed to start.',
  PLUGIN_SETUP_TIMEOUT: 'A plugin took too long to start.',
  PLUGIN_STOPPED: 'The plugin has stopped.',
  SERVICE_CONFLICT: 'The service is already provided.',
  DISPOSE_FAILED: 'Some clean-up steps failed.',
  // config
  CONFIG_INVALID: 'The configuration is not valid.',
  SETTING_INVALID: 'The setting of guilds is not valid.',
  // messages and commands
  ELEMENT_INVALID: 'The message element is not valid.',
  COMPONENT_CONFLICT: 'Two components have the same name.',
  COMMAND_CONFLICT: 'Two commands have the same name.',
  COMMAND_SYNTAX: 'The command declaration cannot be read.',
  INBOX_CLOSED: 'The bot is stopping.',
  HANDLER_TIMEOUT: 'A handler ran past its deadline.',
  PROMPT_INVALID: 'The question cannot be asked.',
  PROMPT_TIMEOUT: 'Nobody answered the prompt in time.',
  PROMPT_CANCELLED: 'The prompt was cancelled.',
  LOCALE_INVALID: 'The language cannot be chosen.',
  FORM_INVALID: 'The form cannot be used.',
  // bots and sending
  UNSUPPORTED: 'The platform does not offer this.',
  BOT_OFFLINE: 'The bot is not connected.',
  SEND_SUPPRESSED: 'An outgoing middleware stopped the message.',
  SEND_MIDDLEWARE_FAILED: 'The message was kept back: an outgoing middleware failed.',
  SEND_EMPTY: 'There is nothing to send.',
  SEND_TOO_LONG: 'The message is too long.',
  SEND_FAILED: 'The message was not sent.',
  SEND_EXPIRED: 'The message was not sent in time.',
  SEND_IN_DOUBT: 'Whether the message was sent is unknown.',
  DURABLE_INVALID: 'The message cannot be stored as it is asked for.',
  OUTBOX_MISSING: 'Nothing here stores messages.',
  OUTBOX_FULL: 'No more messages can be stored.',
  REPLY_WINDOW_CLOSED: 'The platform takes no more answers here.',
  // platform input and output
  API_REJECTED: 'The platform refused the call.',
  API_TIMEOUT: 'The platform did not answer in time; the call may have been carried out.',
  API_UNREACHABLE: 'The platform could not be reached.',
  API_INVALID_RESPONSE: 'The platform answered with something unreadable.',
  AUTH_FAILED: 'The platform refused the credentials.',
  RATE_LIMITED: 'The platform asked to slow down.',
  CONNECTION_CLOSED: 'The connection closed; whether the call was carried out is unknown.',
  FRAME_INVALID: 'A frame from the platform could not be read.',
  MEDIA_REFUSED: 'The media cannot be used.',
  TEST_EXPECTATION: 'The chat did not go as expected.',
} as const

/**
 * Every code that a {@link MynahError} can carry. Codes are stable: match on them, never on messages. Packages add
 * theirs:
 *
 * ```ts
 * declare module '@mynah/core' {
 *   interface ErrorCodes {
 *     DATABASE_LOCKED: true
 *   }
 * }
 * ```
 */
export interface ErrorCodes extends Record<keyof typeof openings, true> {}

/** One of the {@link ErrorCodes}. */
export type ErrorCode = keyof ErrorCodes

const sentences: ReadonlyMap<string, string> = new Map(Object.entries(openings))

/** The sentence that opens the messages of a code; empty for codes of other packages. */
export function openingOf(code: string): string {
  return sentences.get(code) ?? ''
}
