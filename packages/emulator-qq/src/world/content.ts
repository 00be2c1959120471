import { ApiRefusal } from '../calls/refusal.ts'
import { isJsonObject } from '@mynah/emulator-kit'
import type { Fields } from '../calls/fields.ts'
import type { QQTargetKind } from './message.ts'
import type { Platform } from './platform.ts'

const topLevelDomains =
  'com|net|org|cn|io|dev|app|me|tv|cc|co|xyz|top|info|site|online|ai|sh|md|py|rs|so|in|to|ws|link|invalid'
const address = new RegExp(`(?:https?://[^\\s]+)|(?:[a-z0-9][a-z0-9-]*\\.)+(?:${topLevelDomains})\\b`, 'gi')

/**
 * Refuses text with addresses on hosts the bot did not register. Anything that looks like a domain counts,
 * file names such as `run.sh` included.
 */
export function refuseUrls(platform: Platform, text: string, code: number): void {
  for (const [found] of text.matchAll(address)) {
    const host =
      found
        .replace(/^https?:\/\//i, '')
        .split(/[/:?#]/)[0]
        ?.toLowerCase() ?? ''
    const isAllowed = platform.allowedHosts.some(
      (allowed) => host === allowed || host.endsWith(`.${allowed}`),
    )
    if (!isAllowed) throw new ApiRefusal(code)
  }
}

const buttonActions = [0, 1, 2, 3, 4]
const buttonPermissions = [0, 1, 2, 3]

/** Checks a keyboard: template id, or rows of buttons (official docs: "Message buttons"). */
export function checkKeyboard(keyboard: Fields, targetKind: QQTargetKind): void {
  if (keyboard.id('id') !== undefined) return
  const rows = keyboard.object('content').objects('rows')
  if (rows.length === 0) throw keyboard.fault('rows')
  const buttons = rows.map((row) => row.objects('buttons'))
  if (rows.length > 5 || buttons.some((row) => row.length > 5)) throw new ApiRefusal(40034029)
  const ids = buttons.flat().map((button) => checkButton(button, targetKind))
  const named = ids.filter((id) => id !== undefined)
  if (new Set(named).size !== named.length) throw keyboard.fault('id', 'is used by two buttons')
}

function checkButton(button: Fields, targetKind: QQTargetKind): string | undefined {
  const look = button.object('render_data')
  if (Array.from(look.string('label')).length > 10) throw look.fault('label', 'is longer than 10 characters')
  const action = button.object('action')
  const type = action.intOf('type', buttonActions)
  const permission = action.object('permission').intOf('type', buttonPermissions)
  const isGuild = targetKind === 'channel' || targetKind === 'dm'
  if (permission === 3 && !isGuild) throw action.fault('permission', '3 (roles) exists in guilds only')
  if (type <= 2) action.string('data')
  return button.id('id')
}

/** Checks a markdown object and gives the text it shows; a template shows as its id. */
export function checkMarkdown(markdown: Fields): string {
  const content = markdown.id('content')
  const template = markdown.id('custom_template_id') ?? markdown.optionalInt('template_id')?.toString()
  if (content !== undefined && template !== undefined) throw new ApiRefusal(50057)
  if (content === undefined && template === undefined) throw new ApiRefusal(50006)
  for (const parameter of markdown.objects('params')) {
    parameter.string('key')
    for (const value of parameter.strings('values')) {
      if (value === '') throw new ApiRefusal(40034008)
      if (value.includes('\n')) throw new ApiRefusal(40034009)
    }
  }
  return content ?? `[template ${template}]`
}

/** Checks an ark object. */
export function checkArk(ark: Fields, platform: Platform): string {
  if (!platform.grants.ark) throw new ApiRefusal(304004)
  const id = ark.int('template_id')
  for (const entry of ark.objects('kv')) {
    entry.string('key')
    const isPlain = typeof entry.raw['value'] === 'string'
    if (!isPlain && !entry.list('obj').every(isJsonObject)) throw entry.fault('obj')
  }
  return `[ark ${id}]`
}
