import { Faults } from '@mynah/emulator-kit'

import type { RawEvent } from '../wire/wire.ts'

/** What a call gets instead of a proper answer. */
export interface OneBotErrorAnswer {
  /** The whole frame, without `echo`. */
  readonly answer: Readonly<Record<string, unknown>>
}

/** What goes wrong on purpose. Faults of one socket are methods of the `Connection`. */
export class OneBotFaults extends Faults<OneBotErrorAnswer, RawEvent> {}
