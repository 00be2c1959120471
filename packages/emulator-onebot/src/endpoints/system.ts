import { ApiRefusal } from '../calls/refusal.ts'
import type { Params } from '../calls/params.ts'
import type { ActionContext, ActionTable } from '../calls/action.ts'
import { runQuickOperation } from './quick-operation.ts'
import { isJsonObject } from '@mynah/emulator-kit'
import type { RawEvent } from '../wire/wire.ts'

const all = 'GNBL'

function versionInfo({ profile }: ActionContext): RawEvent {
  const { appName, appVersion } = profile
  const info = { app_name: appName, app_version: appVersion, protocol_version: 'v11' }
  if (profile.letter !== 'G') return info
  const runtime = { runtime_version: 'go1.20.7', runtime_os: 'linux', version: appVersion, protocol: 6 }
  return { ...info, app_full_name: `${appName}-${appVersion}_linux_amd64-go1.20.7`, ...runtime }
}

const cookiesOf = (params: Params, { profile, world }: ActionContext): string => {
  const domain =
    profile.checksParams && profile.letter !== 'L' ? params.text('domain') : params.textOr('domain', '')
  return `uin=o${world.self.userId}; domain=${domain}; skey=@emulated`
}
const csrfToken = 1_508_204_881

async function handleQuickOperation(params: Params, context: ActionContext): Promise<null> {
  const event = params.raw('context')
  const operation = params.raw('operation')
  if (!isJsonObject(event) || !isJsonObject(operation)) {
    throw new ApiRefusal(undefined, { kind: 'badParams', text: 'context and operation are required' })
  }
  if (context.profile.letter === 'N' && event['user_id'] == null) {
    throw new ApiRefusal(undefined, { text: 'context.user_id is required' })
  }
  await runQuickOperation(event, operation, context)
  return null
}

function restart(params: Params, context: ActionContext): null {
  context.restart(params.integerOr('delay', 0))
  return null
}

/** About the implementation itself. */
export const systemActions: ActionTable = {
  get_status: { on: all, run: (_params, context) => context.status() },
  get_version_info: { on: all, run: (_params, context) => versionInfo(context) },
  get_supported_actions: { on: 'G', run: (_params, context) => context.supported() },
  get_cookies: {
    on: 'NBL',
    run: (params, context) => {
      const cookies = cookiesOf(params, context)
      return context.profile.letter === 'N' ? { cookies, bkn: String(csrfToken) } : { cookies }
    },
  },
  get_csrf_token: { on: 'NBL', run: () => ({ token: csrfToken }) },
  get_credentials: {
    on: 'NBL',
    run: (params, context) => {
      const cookies = cookiesOf(params, context)
      return context.profile.letter === 'N'
        ? { cookies, token: csrfToken }
        : { cookies, csrf_token: csrfToken }
    },
  },
  set_restart: { on: 'NBL', run: restart },
  clean_cache: { on: 'NB', run: () => null },
  '.handle_quick_operation': { on: 'GNB', run: handleQuickOperation },
  reload_event_filter: { on: 'G', run: () => null },
  '.get_word_slices': {
    on: 'G',
    run: (params) => ({
      slices: params
        .text('content')
        .split(/\s+/)
        .filter((word) => word !== ''),
    }),
  },
  get_updates: {
    on: 'G',
    run: (params, context) =>
      pollEvents(params.integerOr('limit', 0), params.integerOr('timeout', 0) * 1000, context),
  },
  get_event: {
    on: 'B',
    run: (params, context) => pollEvents(0, params.integerOr('timeout', 0), context),
  },
  get_clientkey: { on: 'N', run: () => ({ clientkey: 'emulated' }) },
  nc_get_packet_status: { on: 'N', run: () => null },
  get_robot_uin_range: { on: 'N', run: () => [{ minUin: '3328144510', maxUin: '3328144510' }] },
}

function pollEvents(limit: number, timeoutMs: number, context: ActionContext): Promise<RawEvent[]> {
  if (context.via !== 'http') throw new ApiRefusal('API_NOT_FOUND', { kind: 'unknownAction' })
  return context.poll(limit === 0 ? Number.POSITIVE_INFINITY : limit, timeoutMs)
}
