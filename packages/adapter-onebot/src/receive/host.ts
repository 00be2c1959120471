import type { Clock, Logger } from '@mynah/core'

import type { Connections } from './connections.ts'
import type { Receiver } from './receive.ts'

/** An account as the ways in see it; its bot is one. */
export interface Account {
  readonly selfId: string
  readonly connections: Connections
  readonly receiver: Receiver
}

/** What the ways in need of the adapter. */
export interface TransportHost {
  readonly logger: Logger
  readonly clock: Clock
  /** Whether the adapter goes away, with all connections. */
  readonly isStopping: boolean
  /**
   * The account of this id, made when it is first heard of; `undefined` when the adapter is stopping, or has too
   * many.
   *
   * @throws MynahError when another adapter has it.
   */
  account(selfId: string): Account | undefined
  /** Signs off an account that somebody named by mistake, so that no bot waits for it for ever. */
  forgetGhost(account: Account): void
  /** A token was refused: a person has to mend the config. @param reason - In words for an operator. */
  refused(reason: string): void
}
