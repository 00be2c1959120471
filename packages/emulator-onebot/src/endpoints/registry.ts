import type { Profile } from '../wire/profile.ts'
import { accountActions } from './account.ts'
import type { Action } from '../calls/action.ts'
import { extensionActions } from './extensions.ts'
import { forwardActions } from './forwards.ts'
import { groupAdminActions } from './group-admin.ts'
import { groupFileActions } from './group-files.ts'
import { groupInfoActions } from './group-info.ts'
import { guildActions } from './guilds.ts'
import { mediaActions } from './media.ts'
import { messageActions } from './messages.ts'
import { streamActions } from './streams.ts'
import { systemActions } from './system.ts'

const everyAction = {
  ...messageActions,
  ...forwardActions,
  ...mediaActions,
  ...accountActions,
  ...groupInfoActions,
  ...groupAdminActions,
  ...groupFileActions,
  ...systemActions,
  ...extensionActions,
  ...streamActions,
  ...guildActions,
}

/** The actions that the profile knows, by name. */
export function actionsOf(profile: Profile): ReadonlyMap<string, Action> {
  return new Map(Object.entries(everyAction).filter(([, action]) => action.on.includes(profile.letter)))
}
