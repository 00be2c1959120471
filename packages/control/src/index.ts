/**
 * What may be asked of a running bot: in its own process, and through a local socket by who imports
 * `@mynah/control/client`, as the `bot` command does. The list is {@link questions} and {@link streams}; there is no
 * other way in.
 *
 * @packageDocumentation
 */
export { ControlError, type ControlErrorCode } from './errors.ts'
export {
  type Control,
  type QuestionName,
  type Questions,
  questions,
  type StreamName,
  type Streams,
  streams,
} from './protocol/requests.ts'
export type {
  AccountStatus,
  BotStatus,
  EndingProcess,
  EndRequest,
  EntryStatus,
  ExplainedStep,
  ExplainQuery,
  Explanation,
  LogLevel,
  LogLine,
  LogQuery,
  OutgoingMessage,
  SentMessage,
} from './protocol/resources.ts'
export { type ControlHost, LocalControl } from './running/local-control.ts'
export { ControlServer, type ControlServerOptions } from './server/control-server.ts'
export type { ProcessFacts } from './running/status.ts'
