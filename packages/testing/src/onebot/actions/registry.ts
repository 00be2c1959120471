import type { Profile } from '../profile.ts'
import { accountActions } from './account.ts'
import type { Action } from './action.ts'
import { messageActions } from './messages.ts'
import { systemActions } from './system.ts'

const everyAction = { ...messageActions, ...accountActions, ...systemActions }

/** The actions that the profile knows, by name. */
export function actionsOf(profile: Profile): ReadonlyMap<string, Action> {
  return new Map(Object.entries(everyAction).filter(([, action]) => action.on.includes(profile.letter)))
}
