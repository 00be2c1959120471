import type { Call, CallWith } from '@mynah/adapter-kit'
import type { Id, ImageFile, LocalFile, RecognizedText, SentMessage } from '../wire/results.ts'
import { Resource } from './actions.ts'

/** Pictures, recordings and links that were received. */
export class MediaApi extends Resource {
  /** A received picture; NapCat and LLOneBot give a fresh URL. */
  getImage(file: string): Promise<ImageFile> {
    return this.actions.object('get_image', { file }, ['file_size', 'size'])
  }

  /** A received recording, converted. */
  getRecord(
    file: string,
    format: 'mp3' | 'amr' | 'wma' | 'm4a' | 'spx' | 'ogg' | 'wav' | 'flac',
  ): Promise<LocalFile> {
    return this.actions.object('get_record', { file, out_format: format }, ['file_size'])
  }

  /** Whether pictures can be sent. */
  readonly canSendImage: Call<[], { yes: boolean }> = this.gives('can_send_image')

  /** Whether recordings can be sent. */
  readonly canSendRecord: Call<[], { yes: boolean }> = this.gives('can_send_record')

  /** Reads the text in a picture. */
  readonly readText: Call<[image: string], RecognizedText> = this.gives('ocr_image(image)')

  /** Reads a QR code (LLOneBot). */
  readonly readQrCode: Call<[file: string], unknown> = this.asks('scan_qrcode(file)')

  /** Uploads a picture and gives its URL (Lagrange). */
  readonly uploadImage: Call<[file: string], string> = this.says('upload_image(file)')

  /** Whether QQ thinks that a link is safe: 1 safe, 2 unknown, 3 dangerous. */
  readonly checkUrl: Call<[url: string], { level: 1 | 2 | 3 }> = this.gives('check_url_safely(url)')

  /** Keys that renew picture URLs (NapCat, Lagrange). */
  readonly getKeys: Call<[], unknown> = this.asks('get_rkey')

  /** Keys that renew picture URLs, from NapCat's server. */
  readonly getServerKeys: Call<[], unknown> = this.asks('get_rkey_server')
}

/** Saved stickers. */
export class StickersApi extends Resource {
  /** Saved stickers, as URLs. */
  async list(count?: number): Promise<string[]> {
    const data = await this.actions.call('fetch_custom_face', { count })
    return Array.isArray(data) ? data.filter((url) => typeof url === 'string') : []
  }

  /** Saved stickers, in detail (NapCat). */
  readonly listDetails: Call<[count?: number], object[]> = this.lists('fetch_custom_face_detail(count)')

  /** Saves a sticker (NapCat). */
  readonly add: CallWith<Readonly<Record<string, unknown>>, unknown> = this.asks('add_custom_face')

  /** Deletes a saved sticker (NapCat). */
  readonly delete: CallWith<Readonly<Record<string, unknown>>, unknown> = this.asks('delete_custom_face')

  /** Describes a saved sticker (NapCat). */
  readonly describe: CallWith<Readonly<Record<string, unknown>>, unknown> = this.asks('set_custom_face_desc')

  /** Stickers for a word (LLOneBot). */
  readonly recommend: Call<[word: string], object> = this.gives('get_recommend_face(word)')

  /** Keys of market faces (Lagrange). */
  readonly getMarketKeys: Call<[emojiIds: readonly string[]], unknown> = this.asks(
    'fetch_mface_key(emoji_ids)',
  )
}

/** Synthetic voices (NapCat, LLOneBot, Lagrange). */
export class VoicesApi extends Resource {
  /** The voices that there are. */
  readonly list: CallWith<
    {
      group_id: Id
      chat_type?: number
    },
    { type: string; characters: { character_id: string; character_name: string; preview_url: string }[] }[]
  > = this.lists('get_ai_characters')

  /** Says a text; gives a URL (NapCat, Lagrange). */
  readonly record: CallWith<{ character: string; group_id: Id; text: string }, string> =
    this.says('get_ai_record')

  /** Says a text in a group. */
  readonly send: CallWith<{ character: string; group_id: Id; text: string }, SentMessage> =
    this.gives('send_group_ai_record')
}

/** Cards that can be sent as messages. */
export class CardsApi extends Resource {
  /** Makes the card of a mini app (NapCat). */
  readonly miniApp: CallWith<Readonly<Record<string, unknown>>, object> = this.gives('get_mini_app_ark')

  /** Makes the card of a person or group (NapCat). */
  readonly contact: CallWith<{ user_id?: Id; group_id?: Id; phone_number?: string }, object> =
    this.gives('send_ark_share')

  /** Makes the card of a group (NapCat). */
  readonly group: Call<[groupId: Id], string> = this.says('send_group_ark_share(group_id)')

  /** Makes the card of a song (Lagrange). */
  readonly music: CallWith<Readonly<Record<string, unknown>>, unknown> = this.asks('get_music_ark')
}
