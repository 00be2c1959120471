import type { LimitScope } from '../middleware/limit-scope.ts'
import type { Permission } from '../permission/permission.ts'

/** How often a command may be used. */
export interface LimitOptions {
  /** Uses in one period. */
  readonly count: number
  /** Who shares them. */
  readonly per: LimitScope
  /** Length of a period in ms; it begins with the first use. */
  readonly periodMs: number
  /** Who is not counted. */
  readonly exempt: Permission | undefined
  /** Text that a refused person gets; `{{time}}` and `{{count}}` go into it. */
  readonly textKey: 'command.cooldown' | 'command.quota'
}
