import type { Endpoints } from '../calls/endpoint.ts'
import { channelEndpoints } from './channels.ts'
import { directMessageEndpoints } from './direct-messages.ts'
import { emojiAndInviteEndpoints } from './emojis-invites.ts'
import { guildEndpoints } from './guilds.ts'
import { messageEndpoints } from './messages.ts'
import { peopleEndpoints } from './people.ts'
import { platformEndpoints } from './platform.ts'
import { roleEndpoints } from './roles.ts'
import { threadAndTemplateEndpoints } from './threads-templates.ts'
import { voiceEndpoints } from './voice.ts'

/** Every call the platform takes, but that for OAuth2 tokens, which lives outside the versioned paths. */
export const endpoints: Endpoints = {
  ...platformEndpoints,
  ...guildEndpoints,
  ...channelEndpoints,
  ...messageEndpoints,
  ...directMessageEndpoints,
  ...peopleEndpoints,
  ...roleEndpoints,
  ...emojiAndInviteEndpoints,
  ...voiceEndpoints,
  ...threadAndTemplateEndpoints,
}
