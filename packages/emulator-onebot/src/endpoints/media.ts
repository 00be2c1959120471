import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ApiRefusal } from '../calls/refusal.ts'
import type { Params } from '../calls/params.ts'
import type { RawEvent } from '../wire/wire.ts'
import type { Media } from '../world/media-store.ts'
import type { ActionContext, ActionTable } from '../calls/action.ts'

const soundFormats = new Set(['mp3', 'amr', 'wma', 'm4a', 'spx', 'ogg', 'wav', 'flac'])

/** Where the implementation would keep its copy. */
const pathOf = ({ md5 }: Media): string => join(tmpdir(), md5)

function knownMedia(
  params: Params,
  { world }: ActionContext,
  ...names: readonly [string, ...string[]]
): Media {
  const media = world.media.find(params.firstText(...names))
  if (media === undefined) throw new ApiRefusal('IMAGE_NOT_FOUND', { text: 'file not found' })
  return media
}

function describe(media: Media): RawEvent {
  const { md5, name, url, bytes } = media
  const base64 = bytes === undefined ? {} : { base64: bytes.toString('base64') }
  const size = String(bytes?.length ?? 0)
  return { file: pathOf(media), url, file_size: size, file_name: name === '' ? md5 : name, ...base64 }
}

function getImage(params: Params, context: ActionContext): RawEvent {
  const media = knownMedia(params, context, 'file')
  if (context.profile.letter !== 'G') return describe(media)
  return { size: media.bytes?.length ?? 0, filename: media.name, url: media.url, file: pathOf(media) }
}

function getRecord(params: Params, context: ActionContext): RawEvent {
  const media = knownMedia(params, context, 'file', 'file_id')
  const format = params.textOr('out_format', 'mp3')
  if (!soundFormats.has(format)) {
    throw new ApiRefusal(undefined, { kind: 'badParams', text: `out_format ${format} is not known` })
  }
  return { ...describe(media), file: `${pathOf(media)}.${format}` }
}

function download(params: Params, { world }: ActionContext): RawEvent {
  const url = params.textOr('url', '')
  const base64 = params.textOr('base64', '')
  if (url === '' && base64 === '')
    throw new ApiRefusal(undefined, { kind: 'badParams', text: 'url is required' })
  const media = world.media.accept(url === '' ? `base64://${base64}` : url, params.textOr('name', undefined))
  return { file: pathOf(media) }
}

function readText(params: Params): RawEvent {
  params.text('image')
  return { texts: [], language: 'zh' }
}

/** Pictures, recordings and downloads. */
export const mediaActions: ActionTable = {
  get_image: { on: 'GNB', run: getImage },
  get_record: { on: 'NB', run: getRecord },
  get_file: { on: 'NB', run: (params, context) => describe(knownMedia(params, context, 'file', 'file_id')) },
  can_send_image: { on: 'GNBL', run: () => ({ yes: true }) },
  can_send_record: { on: 'GNBL', run: () => ({ yes: true }) },
  ocr_image: { on: 'GNBL', run: readText },
  '.ocr_image': { on: 'GNL', run: readText },
  download_file: { on: 'GNB', run: download },
  check_url_safely: {
    on: 'GN',
    run: (params) => {
      params.text('url')
      return { level: 1 }
    },
  },
  get_rkey: {
    on: 'NL',
    run: (_params, { world }) => [
      { type: 'private', rkey: '&rkey=emulated', created_at: world.time, ttl: 3600 },
    ],
  },
  nc_get_rkey: {
    on: 'N',
    run: (_params, { world }) => [{ type: 10, rkey: '&rkey=emulated', created_at: world.time, ttl: '3600' }],
  },
  upload_image: { on: 'L', run: (params, { world }) => world.media.accept(params.text('file')).url },
  fetch_custom_face: { on: 'NBL', run: () => [] },
}
