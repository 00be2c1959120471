import type { Endpoints } from '../calls/endpoint.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Media } from '../world/media.ts'
import type { Platform } from '../world/platform.ts'
import { accessEndpoints } from './access.ts'
import { audioEndpoints } from './audio.ts'
import { channelEndpoints } from './channels.ts'
import { chatMessageEndpoints } from './chat-messages.ts'
import { fileEndpoints } from './files.ts'
import { forumEndpoints } from './forum.ts'
import { groupEndpoints } from './groups.ts'
import { guildMessageEndpoints } from './guild-messages.ts'
import { guildEndpoints } from './guilds.ts'
import { interactionEndpoints } from './interactions.ts'
import { joinStrategyEndpoints } from './join-strategies.ts'
import { memberEndpoints } from './members.ts'
import { muteEndpoints } from './mutes.ts'
import { noticeEndpoints } from './notices.ts'
import { permissionEndpoints } from './permissions.ts'
import { reactionEndpoints } from './reactions.ts'
import { roleEndpoints } from './roles.ts'
import { scheduleEndpoints } from './schedules.ts'
import { selfEndpoints } from './self.ts'
import { streamEndpoints } from './stream.ts'

/** What the endpoints stand on. */
export interface EndpointParts {
  platform: Platform
  gateway: Gateway
  media: Media
  secret: string
  baseUrls: () => { readonly api: string; readonly gateway: string }
  firstPartIndex: 0 | 1
}

/** Every endpoint of the platform. */
export const allEndpoints = ({
  platform,
  gateway,
  media,
  secret,
  baseUrls,
  firstPartIndex,
}: EndpointParts): Endpoints => ({
  ...accessEndpoints(platform, gateway, secret, () => baseUrls().gateway),
  ...chatMessageEndpoints(platform, media),
  ...streamEndpoints(platform),
  ...fileEndpoints({ platform, media, apiUrl: () => baseUrls().api, firstPartIndex }),
  ...interactionEndpoints(platform),
  ...groupEndpoints(platform),
  ...joinStrategyEndpoints(platform),
  ...selfEndpoints(platform),
  ...guildEndpoints(platform),
  ...channelEndpoints(platform),
  ...guildMessageEndpoints(platform),
  ...memberEndpoints(platform),
  ...roleEndpoints(platform),
  ...permissionEndpoints(platform),
  ...muteEndpoints(platform),
  ...noticeEndpoints(platform),
  ...scheduleEndpoints(platform),
  ...reactionEndpoints(platform),
  ...audioEndpoints(platform),
  ...forumEndpoints(platform),
})
