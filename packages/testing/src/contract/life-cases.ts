import { LeakDetector } from '@mynah/core'

import { countListeners, findInProcess } from '../app/leaks.ts'
import { assert } from './check-event.ts'
import { Scene } from './scene.ts'
import type { ContractStage } from './stage.ts'

/** What is left in the end. */
export type LifeCase = 'a stop leaves nothing behind'

/** Starts, talks, stops, and looks for what is left. */
export async function leavesNothing(start: () => ContractStage | Promise<ContractStage>): Promise<void> {
  const detector = new LeakDetector()
  const listeners = countListeners()
  const stage = await start()
  try {
    const scene = await Scene.open(stage)
    await scene.answer('before the end')
    await stage.group.arrival()
    await scene.close()
    assert(scene.app.bots.size === 0, 'the account is still there')
  } finally {
    await stage.close()
  }
  const left = await findInProcess({ detector, listeners })
  assert(left.length === 0, `after the stop this is left:${left.map((line) => `\n  ${line}`).join('')}`)
}
