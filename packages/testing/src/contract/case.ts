import type { AppOptions } from '@mynah/core'

import type { Scene } from './scene.ts'
import type { DriverName } from './stage.ts'

/** Something that every adapter does. */
export interface Case {
  /** Drivers without which it cannot be seen. */
  readonly needs?: readonly DriverName[]
  /** How the app is made. */
  readonly app?: AppOptions
  /** @throws Error when it does not hold. */
  run(scene: Scene): Promise<void>
}
