import type { FailureWords, GatewayAction, GatewayStep } from '@mynah/adapter-kit'
import type { Dispatch } from '../wire/envelope.ts'
import type { IntentName } from './intents.ts'

/** What a session is continued with. */
export interface GatewaySession {
  /** The platform's id of it. */
  readonly sessionId: string
  /** Sequence of the last event that was taken. */
  readonly seq: number
}

/** Where one connection stands. */
export interface GatewayState {
  /** How far the login is. */
  readonly phase: 'closed' | 'opened' | 'identifying' | 'resuming' | 'online'
  /** The intents that are asked for. */
  readonly intents: readonly IntentName[]
  /** What the session could be continued with now. */
  readonly session: GatewaySession | undefined
  /** Time between heartbeats. */
  readonly beatMs: number
  /** Whether the last heartbeat is not answered yet. */
  readonly isAckDue: boolean
  /** Failures since the last READY or RESUMED. */
  readonly failures: number
  /** Connections in a row that lived but shortly. */
  readonly quickEnds: number
  /** Refusals of the credentials in a row. */
  readonly authFailures: number
  /** Refusals of the login in a row. */
  readonly identifyRefusals: number
  /** The op 9 whose close frame is awaited. */
  readonly invalid: { readonly isResumable: boolean; readonly ofIdentify: boolean } | undefined
}

/** What happened outside of the connection. */
export type GatewayNote =
  /** An event was taken. */
  | { readonly taken: number; readonly sessionId: string | undefined }
  /** There is no room for more events: the platform has to send them again. */
  | { readonly full: true }
  /** A login could not be sent; the failure is left out where an operator was told already. */
  | { readonly loginFailed: FailureWords | undefined }

/** What only the adapter can do. */
export type GatewayTask =
  /** Log in, to continue a session where there is one. */
  | {
      readonly task: 'login'
      readonly session: GatewaySession | undefined
      readonly intents: readonly IntentName[]
    }
  | { readonly task: 'event'; readonly envelope: Dispatch }
  /** A session began, or cannot be continued. */
  | { readonly task: 'session'; readonly id: string | undefined }
  /** The credentials were refused. */
  | { readonly task: 'renew' }
  /** Logins are refused again and again; something has to be mended. */
  | { readonly task: 'refused'; readonly failure: FailureWords }
  | { readonly task: 'dropped-intent'; readonly name: IntentName }
  /** One connection cannot carry all guilds. */
  | { readonly task: 'too-many-guilds' }
  | { readonly task: 'ignore'; readonly why: string }

/** An action of a connection. */
export type Action = GatewayAction<GatewayTask>

/** Where a connection stands after something happened, and what is to be done. */
export type Step = GatewayStep<GatewayState, GatewayTask>
