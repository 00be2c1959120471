import type { Answer } from './api.ts'

/** A call that reached the emulator. */
export interface ApiCall {
  /** Its name, as it was called. */
  readonly action: string
  /** As they came, unchecked. */
  readonly params: Readonly<Record<string, unknown>>
  /** How it came. */
  readonly via: 'http' | 'websocket' | 'quick-operation'
  /** The frames that answered it; undefined while it runs, and when the answer was lost. */
  answer: Answer | undefined
}

/** How a call reads in the error of a failed expectation. */
export const describeCall = ({ action, params }: ApiCall): string => `${action} ${JSON.stringify(params)}`
