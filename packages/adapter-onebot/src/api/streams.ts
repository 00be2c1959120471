import type { Call, CallWith } from '@mynah/adapter-kit'
import { isRecord } from '@mynah/adapter-kit'

import type { StreamProgress } from '../wire/results.ts'
import { Resource } from './actions.ts'

/** A file that was fetched in parts. */
export interface DownloadedStream {
  /** What is in it. */
  readonly bytes: Buffer
  /** Its name, where the implementation tells. */
  readonly name: string | undefined
}

/** What is fetched in parts: a file by its name or id. */
export interface StreamSource {
  /** Its name or id, as a received element gives it. */
  readonly file?: string
  /** Its id, for when `file` is left out. */
  readonly file_id?: string
  /** Bytes of each part. */
  readonly chunk_size?: number
}

/** Large files in parts (NapCat). */
export class StreamsApi extends Resource {
  /** One part of an upload; the last call has `is_complete`. The result's `file_path` is a file source. */
  readonly upload: CallWith<
    {
      stream_id: string
      chunk_data?: string
      chunk_index?: number
      total_chunks?: number
      file_size?: number
      expected_sha256?: string
      filename?: string
      is_complete?: boolean
      reset?: boolean
      verify_only?: boolean
      file_retention?: number
    },
    StreamProgress
  > = this.gives('upload_file_stream')

  /** Deletes what was uploaded in parts. */
  readonly clean: Call<[], unknown> = this.asks('clean_stream_temp_file')

  /** Fetches a file. @throws OneBotError of kind `stream-broken` when the transfer breaks off. */
  download(source: StreamSource): Promise<DownloadedStream> {
    return this.#download('download_file_stream', source)
  }

  /** Fetches a picture. @throws OneBotError of kind `stream-broken` when the transfer breaks off. */
  downloadImage(source: StreamSource): Promise<DownloadedStream> {
    return this.#download('download_file_image_stream', source)
  }

  /** Fetches a recording. @throws OneBotError of kind `stream-broken` when the transfer breaks off. */
  downloadRecord(source: StreamSource & { out_format?: string }): Promise<DownloadedStream> {
    return this.#download('download_file_record_stream', source)
  }

  async #download(action: string, params: object): Promise<DownloadedStream> {
    const parts: Buffer[] = []
    let name: string | undefined
    const onPart = (frame: unknown): void => {
      const data = isRecord(frame) ? frame['data'] : undefined
      if (!isRecord(data)) return
      if (typeof data['data'] === 'string') parts.push(Buffer.from(data['data'], 'base64'))
      if (typeof data['file_name'] === 'string') name = data['file_name']
    }
    await this.actions.call(action, params, { onPart })
    return { bytes: Buffer.concat(parts), name }
  }
}
