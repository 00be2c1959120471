import { createHash } from 'node:crypto'
import { ApiRefusal } from '../calls/refusal.ts'
import type { Params } from '../calls/params.ts'
import type { Upload } from '../world/entities.ts'
import { StreamAnswer, type ActionContext, type ActionTable } from '../calls/action.ts'

const defaultChunkBytes = 65_536

/** Every call is answered by one frame: `stream` while parts come in, `response` at the end. */
function upload(params: Params, context: ActionContext): StreamAnswer {
  const streamId = params.text('stream_id')
  const open = context.world.uploads
  if (params.flag('reset', false)) open.delete(streamId)
  const state: Upload = open.get(streamId) ?? { chunks: new Map(), total: 0, filename: '', sha256: '' }
  open.set(streamId, state)
  state.total = params.integerOr('total_chunks', state.total)
  state.filename = params.textOr('filename', state.filename)
  state.sha256 = params.textOr('expected_sha256', state.sha256)
  if (params.has('chunk_data')) {
    state.chunks.set(params.integer('chunk_index'), Buffer.from(params.text('chunk_data'), 'base64'))
  }
  const isDone = params.flag('is_complete', false)
  return new StreamAnswer([isDone ? finish(streamId, state, context) : progress(streamId, state, params)])
}

function progress(streamId: string, state: Upload, params: Params): Record<string, unknown> {
  return {
    type: 'stream',
    stream_id: streamId,
    status: params.has('chunk_data') ? 'chunk_received' : 'file_created',
    received_chunks: state.chunks.size,
    total_chunks: state.total,
  }
}

function finish(streamId: string, state: Upload, context: ActionContext): Record<string, unknown> {
  if (state.chunks.size < state.total) {
    throw new ApiRefusal(undefined, { text: `Incomplete upload: ${state.chunks.size}/${state.total}` })
  }
  const parts = [...state.chunks].sort(([one], [other]) => one - other).map(([, bytes]) => bytes)
  const bytes = Buffer.concat(parts)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (state.sha256 !== '' && state.sha256 !== sha256)
    throw new ApiRefusal(undefined, { text: 'SHA256 mismatch' })
  context.world.uploads.delete(streamId)
  const path = context.world.media.addTemporary(bytes, state.filename)
  return {
    type: 'response',
    stream_id: streamId,
    status: 'file_complete',
    received_chunks: parts.length,
    total_chunks: state.total,
    file_path: path,
    file_size: bytes.length,
    sha256,
  }
}

function download(params: Params, context: ActionContext): StreamAnswer {
  const media = context.world.media.find(params.firstText('file', 'file_id'))
  if (media?.bytes === undefined) throw new ApiRefusal('FILE_NOT_FOUND')
  const chunkBytes = params.integerOr('chunk_size', defaultChunkBytes)
  if (chunkBytes <= 0)
    throw new ApiRefusal(undefined, { kind: 'badParams', text: 'chunk_size must be positive' })
  return new StreamAnswer(partsOf(media.bytes, media.name === '' ? media.md5 : media.name, chunkBytes))
}

function* partsOf(bytes: Buffer, name: string, chunkBytes: number): Generator<Record<string, unknown>> {
  yield {
    type: 'stream',
    data_type: 'file_info',
    file_name: name,
    file_size: bytes.length,
    chunk_size: chunkBytes,
  }
  let index = 0
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    const chunk = bytes.subarray(start, start + chunkBytes)
    const progress = Math.round(((start + chunk.length) / bytes.length) * 100)
    const data = chunk.toString('base64')
    yield {
      type: 'stream',
      data_type: 'file_chunk',
      index,
      data,
      size: chunk.length,
      progress,
      base64_size: data.length,
    }
    index += 1
  }
  yield {
    type: 'response',
    data_type: 'file_complete',
    total_chunks: index,
    total_bytes: bytes.length,
    message: '',
  }
}

/** NapCat's answers of several frames. */
export const streamActions: ActionTable = {
  upload_file_stream: { on: 'N', run: upload },
  download_file_stream: { on: 'N', run: download },
  download_file_image_stream: { on: 'N', run: download },
  download_file_record_stream: { on: 'N', run: download },
  clean_stream_temp_file: {
    on: 'N',
    run: (_params, context) => {
      context.world.uploads.clear()
      return { message: 'success' }
    },
  },
}
