import type { Connection } from './connection.ts'
import type { WebhookAttempt } from '../webhook/webhook.ts'

/** One way in which the emulator talks to the world. */
export interface OneBotTransport {
  /** Where it listens on 127.0.0.1, or whom it dials or posts to. */
  readonly url: string
  /** Begins again after {@link OneBotTransport.stop}, at the same address. */
  start(): Promise<void>
  /** Ends it at once, as a crash of the process does. */
  stop(): Promise<void>
}

/** A forward WebSocket server: it listens, frameworks dial. */
export interface OneBotForward extends OneBotTransport {
  /** Who has dialled and is still there, oldest first. */
  readonly connections: readonly Connection[]
}

/** A reverse WebSocket: it dials the framework, and again whenever the socket is gone. */
export interface OneBotReverse extends OneBotTransport {
  /** The open connection, if there is one. */
  readonly connection: Connection | undefined
}

/** A webhook: it posts events and carries out the quick operations that it is answered with. */
export interface OneBotWebhook extends OneBotTransport {
  /** What happened so far, oldest first; the newest 1000 are kept. */
  readonly attempts: readonly WebhookAttempt[]
}
