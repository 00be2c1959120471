import type { BotFeature } from '@mynah/core'

import type { FlowCase } from './flow-cases.ts'
import type { LifeCase } from './life-cases.ts'
import type { ReceiveCase } from './receive-cases.ts'
import type { SendCase } from './send-cases.ts'
import type { ContractStage } from './stage.ts'

/** Name of a case; a feature of a bot is the case of that feature. */
export type ContractCase = ReceiveCase | SendCase | FlowCase | LifeCase | BotFeature

/** An adapter as the suite sees it. */
export interface AdapterContract {
  /** Name of the adapter. */
  readonly name: string
  /** Starts the platform; called once for each case. */
  start(): ContractStage | Promise<ContractStage>
  /** Cases that do not hold on this platform, each with the reason. */
  readonly skips?: Readonly<Partial<Record<ContractCase, string>>>
}

/** What the suite needs of a test runner: vitest and `node:test` have it. */
export interface ContractRunner {
  /** Groups tests. */
  readonly describe: (name: string, body: () => void) => unknown
  /** Declares a test. */
  readonly it: {
    (name: string, options: { readonly timeout: number }, body: () => Promise<void>): unknown
    /** Names a test that does not run. */
    skip(name: string, body: () => void): unknown
  }
}
