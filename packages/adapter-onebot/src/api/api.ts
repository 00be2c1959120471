import { isRaw } from '../wire/raw.ts'
import { PlatformExtensionApi } from './platform-extensions.ts'

/** A file that was fetched in parts. */
export interface DownloadedStream {
  readonly bytes: Buffer
  readonly name: string | undefined
}

/**
 * Every action of OneBot 11 and of its family. Groups of actions build on each other: the specification, then
 * go-cqhttp, then what today's implementations added; {@link OneBotApi.call} reaches everything else.
 */
export class OneBotApi extends PlatformExtensionApi {
  /** Fetches a file in parts (NapCat). @throws StreamError when the transfer breaks off. */
  downloadFileStream(params: {
    file?: string
    file_id?: string
    chunk_size?: number
  }): Promise<DownloadedStream> {
    return this.#download('download_file_stream', params)
  }

  /** Fetches a picture in parts (NapCat). @throws StreamError when the transfer breaks off. */
  downloadFileImageStream(params: {
    file?: string
    file_id?: string
    chunk_size?: number
  }): Promise<DownloadedStream> {
    return this.#download('download_file_image_stream', params)
  }

  /** Fetches a recording in parts (NapCat). @throws StreamError when the transfer breaks off. */
  downloadFileRecordStream(params: {
    file?: string
    file_id?: string
    chunk_size?: number
    out_format?: string
  }): Promise<DownloadedStream> {
    return this.#download('download_file_record_stream', params)
  }

  async #download(action: string, params: object): Promise<DownloadedStream> {
    const parts: Buffer[] = []
    let name: string | undefined
    const onPart = (frame: unknown): void => {
      const data = isRaw(frame) ? frame['data'] : undefined
      if (!isRaw(data)) return
      if (typeof data['data'] === 'string') parts.push(Buffer.from(data['data'], 'base64'))
      if (typeof data['file_name'] === 'string') name = data['file_name']
    }
    await this.call(action, params, { onPart })
    return { bytes: Buffer.concat(parts), name }
  }
}
