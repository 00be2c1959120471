import { createHash } from 'node:crypto'
import { ApiRefusal } from '../calls/refusal.ts'
import { ok, type ApiReply, type Endpoint, type Endpoints } from '../calls/endpoint.ts'
import type { Fields } from '../calls/fields.ts'
import { perSecond } from '../world/limits.ts'
import { hardLimitBytes, type Media, type StoredMedia } from '../world/media.ts'
import type { Platform } from '../world/platform.ts'
import { send } from './sending.ts'
import { admitProactive, assertReachable, type ChatKind } from './chat-admission.ts'

const fileTypes = [1, 2, 3, 4]
const partBytes = 5 * 1024 * 1024
/** How much of a file the third digest of a chunked upload covers, in bytes. */
const headBytes = 10_002_432
/** Base64 of more than this, in bytes of content, has to go in chunks. */
const inlineLimitBytes = 10 * 1024 * 1024
const fetchTimeoutMs = 10_000

interface Part {
  readonly size: number
  content: Buffer | undefined
  isFinished: boolean
}

interface Upload {
  readonly targetKind: ChatKind
  readonly type: number
  readonly size: number
  readonly digests: { md5: string; sha1: string; md5_10m: string }
  readonly parts: Part[]
}

interface FileParts {
  platform: Platform
  media: Media
  apiUrl: () => string
  firstPartIndex: 0 | 1
}

const digest = (algorithm: 'md5' | 'sha1', content: Buffer): string =>
  createHash(algorithm).update(content).digest('hex')

/** Rich media for users and groups: by address, inline, or in chunks. */
export const fileEndpoints = ({ platform, media, apiUrl, firstPartIndex }: FileParts): Endpoints => {
  const uploads = new Map<string, Upload>()

  const upload = async (targetKind: ChatKind, target: string, fields: Fields): Promise<ApiReply> => {
    assertReachable(platform, targetKind, target, true)
    const type = fields.intOf('file_type', fileTypes)
    const sources = ['url', 'file_data', 'upload_id'].filter((name) => fields.id(name) !== undefined)
    if (sources.length !== 1) throw fields.fault('url', 'file_data and upload_id: exactly one is needed')
    const pending = fields.id('upload_id')
    const content =
      pending === undefined
        ? await readContent(fields, type)
        : assembled(uploads.get(pending), targetKind, type)
    const stored = media.store(targetKind, type, fields.id('file_name'), content)
    const answer = { file_uuid: stored.uuid, file_info: stored.info, ttl: media.ttlSeconds }
    if (pending !== undefined && type !== 4)
      return ok({ ...answer, raw_url: `${apiUrl()}/raw/${stored.uuid}` })
    return ok(
      fields.boolean('srv_send_msg')
        ? { ...answer, id: sendAtOnce(targetKind, target, fields, stored) }
        : answer,
    )
  }

  const sendAtOnce = (
    targetKind: ChatKind,
    target: string,
    fields: Fields,
    { file }: StoredMedia,
  ): string => {
    const commit = admitProactive(platform, targetKind, target)
    const { message } = send(platform, {
      targetKind,
      target,
      kind: 'media',
      text: '',
      body: fields.raw,
      source: undefined,
      file,
    })
    commit()
    return message.id
  }

  const prepare = (targetKind: ChatKind, fields: Fields): ApiReply => {
    const type = fields.intOf('file_type', fileTypes)
    const size = Number(fields.optionalDecimal('file_size') ?? 0)
    if (size === 0) throw fields.fault('file_size')
    if (size > hardLimitBytes) throw new ApiRefusal(850031)
    fields.string('file_name')
    const digests = {
      md5: hex(fields, 'md5', 32),
      sha1: hex(fields, 'sha1', 40),
      md5_10m: hex(fields, 'md5_10m', 32),
    }
    const parts = Array.from({ length: Math.ceil(size / partBytes) }, (_, index) => ({
      size: Math.min(partBytes, size - index * partBytes),
      content: undefined,
      isFinished: false,
    }))
    const id = platform.ids.opaque('up_')
    uploads.set(id, { targetKind, type, size, digests, parts })
    return ok({
      upload_id: id,
      block_size: String(partBytes),
      parts: parts.map((part, position) => ({
        index: position + firstPartIndex,
        presigned_url: `${apiUrl()}/upload/${id}/${position}?sign=${platform.ids.hex()}`,
        block_size: String(part.size),
      })),
      upload_config: { concurrency: 1, retry_timeout: 300, retry_delay: 1 },
    })
  }

  const finishPart = (fields: Fields): ApiReply => {
    const part = uploads.get(fields.string('upload_id'))?.parts[fields.int('part_index') - firstPartIndex]
    if (part === undefined) throw fields.fault('upload_id')
    const size = Number(fields.raw['block_size'])
    const md5 = hex(fields, 'md5', 32)
    if (part.content === undefined) throw new ApiRefusal(40093001)
    if (size !== part.size) throw fields.fault('block_size', `is not ${part.size}`)
    if (digest('md5', part.content) !== md5) throw fields.fault('md5', 'is not that of the part')
    part.isFinished = true
    return ok()
  }

  const putPart: Endpoint = {
    open: true,
    binary: true,
    handle({ param, headers, rawBody }) {
      const part = uploads.get(param('upload_id'))?.parts[Number(param('position'))]
      if (part === undefined) return { status: 404 }
      // The storage knows nothing of bot tokens; one that arrives there has leaked.
      if (headers.authorization !== undefined)
        return { status: 403, body: { message: 'unexpected authorization' } }
      if (rawBody.length !== part.size) return { status: 400, body: { message: 'wrong length' } }
      part.content = rawBody
      return { status: 200 }
    },
  }

  const of = (targetKind: ChatKind, base: string, name: string): Endpoints => ({
    [`POST ${base}/files`]: { handle: ({ param, fields }) => upload(targetKind, param(name), fields) },
    [`POST ${base}/upload_prepare`]: {
      limit: perSecond(10),
      handle: ({ fields }) => prepare(targetKind, fields),
    },
    [`POST ${base}/upload_part_finish`]: { limit: perSecond(10), handle: ({ fields }) => finishPart(fields) },
  })
  return {
    ...of('c2c', '/v2/users/{openid}', 'openid'),
    ...of('group', '/v2/groups/{group_openid}', 'group_openid'),
    'PUT /upload/{upload_id}/{position}': putPart,
  }
}

function hex(fields: Fields, name: string, length: number): string {
  const value = fields.string(name)
  if (value.length !== length || !/^[0-9a-f]+$/i.test(value)) throw fields.fault(name)
  return value.toLowerCase()
}

async function readContent(fields: Fields, type: number): Promise<Buffer> {
  const inline = fields.id('file_data')
  if (inline === undefined) return fetchMedia(fields.string('url'), type)
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(inline)) throw fields.fault('file_data', 'is not base64')
  const content = Buffer.from(inline, 'base64')
  if (content.length > inlineLimitBytes)
    throw new ApiRefusal(12002, { status: 413, message: 'the body is too large' })
  return content
}

const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/** What stands in for files outside of this machine, by type. */
const standIns: Readonly<Record<number, Buffer>> = {
  1: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
  2: Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42', 'latin1'),
  3: Buffer.from('ID3\x04\0\0\0\0\0\0stand-in', 'latin1'),
}

/**
 * Fetches what a bot gave the address of, from this machine alone: nothing leaves loopback. A file that lies
 * elsewhere is taken as being there, and a small one of its type stands in for it.
 */
export async function fetchMedia(url: string, type: number, code = 40034004): Promise<Buffer> {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) throw new ApiRefusal(code)
  if (!loopback.has(new URL(url).hostname)) return standIns[type] ?? Buffer.from('stand-in')
  try {
    // A redirect could lead out of this machine.
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(fetchTimeoutMs) })
    if (!response.ok) throw new ApiRefusal(code)
    return Buffer.from(await response.arrayBuffer())
  } catch {
    throw new ApiRefusal(code)
  }
}

function assembled(upload: Upload | undefined, targetKind: ChatKind, type: number): Buffer {
  const isComplete = upload?.parts.every(({ isFinished }) => isFinished) === true
  if (upload === undefined || upload.targetKind !== targetKind || upload.type !== type || !isComplete) {
    throw new ApiRefusal(10000, {
      message: 'upload_id does not name a finished upload of this kind of place and type',
    })
  }
  const content = Buffer.concat(
    upload.parts.flatMap((part): Buffer[] => (part.content === undefined ? [] : [part.content])),
  )
  const { md5, sha1, md5_10m: headMd5 } = upload.digests
  const fits =
    digest('md5', content) === md5 &&
    digest('sha1', content) === sha1 &&
    digest('md5', content.subarray(0, headBytes)) === headMd5
  if (!fits) throw new ApiRefusal(10000, { message: 'the digests are not those of the file' })
  return content
}
