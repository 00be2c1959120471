import { ApiRefusal } from '../calls/refusal.ts'
import { checkArk, checkKeyboard, checkMarkdown, refuseUrls } from '../world/content.ts'
import type { ApiRequest } from '../calls/endpoint.ts'
import type { Fields } from '../calls/fields.ts'
import type { QQFile, QQMessageKind, QQTargetKind } from '../world/message.ts'
import type { Platform } from '../world/platform.ts'
import { fetchMedia } from './files.ts'

/** What a message to a channel or direct message session shows. */
export interface GuildContent {
  kind: QQMessageKind
  text: string
  file: QQFile | undefined
}

const pictureType = 1
const imageLimitBytes = 10 * 1024 * 1024

/** Reads and checks the content fields of a message in a guild. */
export async function readGuildContent(
  platform: Platform,
  targetKind: QQTargetKind,
  { fields, files }: Pick<ApiRequest, 'fields' | 'files'>,
): Promise<GuildContent> {
  const text = fields.optionalString('content') ?? ''
  refuseUrls(platform, text, 304003)
  if (fields.has('keyboard')) checkKeyboard(fields.object('keyboard', 305007), targetKind)
  if (fields.has('markdown')) return { ...readMarkdown(platform, fields, text), file: undefined }
  const file = files.get('file_image') ?? (await linkedImage(fields.id('image')))
  if (file !== undefined && file.content.length > imageLimitBytes) throw new ApiRefusal(304020)
  const embed = fields.optionalObject('embed', 304005)
  const ark = fields.optionalObject('ark', 22006)
  if (ark !== undefined) return { kind: 'ark', text: checkArk(ark, platform), file }
  if (embed !== undefined) return { kind: 'embed', text: checkEmbed(embed), file }
  if (file !== undefined) return { kind: 'image', text, file }
  if (text.trim() === '') throw new ApiRefusal(50006)
  return { kind: 'text', text, file }
}

function readMarkdown(platform: Platform, fields: Fields, text: string): Pick<GuildContent, 'kind' | 'text'> {
  if (text !== '' || fields.has('embed') || fields.has('ark')) throw new ApiRefusal(50037)
  const markdown = fields.object('markdown', 22006)
  if (markdown.id('content') !== undefined && !platform.grants.guildMarkdown) throw new ApiRefusal(50056)
  return { kind: 'markdown', text: checkMarkdown(markdown) }
}

function checkEmbed(embed: Fields): string {
  for (const field of embed.objects('fields')) field.string('name')
  embed.optionalObject('thumbnail')?.string('url')
  return embed.id('title') ?? embed.string('prompt')
}

async function linkedImage(url: string | undefined): Promise<QQFile | undefined> {
  if (url === undefined) return undefined
  const content = await fetchMedia(url, pictureType, 304021)
  return { type: pictureType, name: new URL(url).pathname.split('/').at(-1) || 'image', content }
}
