import type { AppLogger } from '../log/logger.ts'
import type { Clock } from '../shared/clock.ts'
import type { AppSettings } from './settings.ts'

/** How an app is made. */
export interface AppOptions extends AppSettings {
  /** @defaultValue JSON lines on stderr, level `info` */
  readonly logger?: AppLogger
  /** @defaultValue the clock of the machine */
  readonly clock?: Clock
  /** How long `setup` of a plugin may take in ms. @defaultValue 30000 */
  readonly setupLimitMs?: number
  /** How long running handlers may go on when their plugin or the app stops, in ms. @defaultValue 10000 */
  readonly graceMs?: number
  /** How long one clean-up step of a plugin may take in ms. @defaultValue 10000 */
  readonly disposeLimitMs?: number
  /**
   * How long messages wait for running handlers when a plugin is swapped, in ms; handlers that take longer go
   * on beside the new version. @defaultValue 3000
   */
  readonly swapGraceMs?: number
}
