import type { CallOutcome, Timers } from '@mynah/emulator-kit'

import type { Answer } from '../calls/api.ts'
import type { Profile } from '../wire/profile.ts'
import type { Envelope, RawEvent, Via } from '../wire/wire.ts'

/** What the transports need of the emulator. */
export interface Host {
  readonly profile: Profile
  readonly selfId: number
  readonly accessToken: string
  /** Time as the emulator sees it. */
  readonly timers: Timers
  /** Runs a call; a fault may have the answer lost, or the connection broken instead of an answer. */
  call(action: string, params: Record<string, unknown>, via: Via): Promise<CallOutcome<Answer>>
  /** Answer to a call that cannot be read, in the profile's form. */
  refusal(retcode: number, text: string): Envelope
  /** The event that opens a connection. */
  lifecycle(subType: 'connect' | 'enable' | 'disable'): RawEvent
  /** Carries out the quick operation that a webhook answered with. */
  quickOperation(event: RawEvent, operation: RawEvent): Promise<void>
}

/** One way in which the emulator talks to the world; it can be stopped and started again. */
export interface Transport {
  start(): Promise<void>
  stop(): Promise<void>
  /** Hands an event over; settles when it was written, or answered where the transport has answers. */
  deliver(event: RawEvent, text: string): Promise<void> | undefined
  /** Whether somebody is there to take events, and calls can come in. */
  readonly takesEvents: boolean
  readonly takesCalls: boolean
}
