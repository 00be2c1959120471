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
  canSendImage(): Promise<{ yes: boolean }> {
    return this.actions.object('can_send_image')
  }

  /** Whether recordings can be sent. */
  canSendRecord(): Promise<{ yes: boolean }> {
    return this.actions.object('can_send_record')
  }

  /** Reads the text in a picture. */
  readText(image: string): Promise<RecognizedText> {
    return this.actions.object('ocr_image', { image })
  }

  /** Reads a QR code (LLOneBot). */
  readQrCode(file: string): Promise<unknown> {
    return this.actions.call('scan_qrcode', { file })
  }

  /** Uploads a picture and gives its URL (Lagrange). */
  uploadImage(file: string): Promise<string> {
    return this.actions.text('upload_image', { file })
  }

  /** Whether QQ thinks that a link is safe: 1 safe, 2 unknown, 3 dangerous. */
  checkUrl(url: string): Promise<{ level: 1 | 2 | 3 }> {
    return this.actions.object('check_url_safely', { url })
  }

  /** Keys that renew picture URLs (NapCat, Lagrange). */
  getKeys(): Promise<unknown> {
    return this.actions.call('get_rkey')
  }

  /** Keys that renew picture URLs, from NapCat's server. */
  getServerKeys(): Promise<unknown> {
    return this.actions.call('get_rkey_server')
  }
}

/** Saved stickers. */
export class StickersApi extends Resource {
  /** Saved stickers, as URLs. */
  async list(count?: number): Promise<string[]> {
    const data = await this.actions.call('fetch_custom_face', { count })
    return Array.isArray(data) ? data.filter((url) => typeof url === 'string') : []
  }

  /** Saved stickers, in detail (NapCat). */
  listDetails(count?: number): Promise<object[]> {
    return this.actions.entries('fetch_custom_face_detail', { count })
  }

  /** Saves a sticker (NapCat). */
  add(params: Readonly<Record<string, unknown>>): Promise<unknown> {
    return this.actions.call('add_custom_face', params)
  }

  /** Deletes a saved sticker (NapCat). */
  delete(params: Readonly<Record<string, unknown>>): Promise<unknown> {
    return this.actions.call('delete_custom_face', params)
  }

  /** Describes a saved sticker (NapCat). */
  describe(params: Readonly<Record<string, unknown>>): Promise<unknown> {
    return this.actions.call('set_custom_face_desc', params)
  }

  /** Stickers for a word (LLOneBot). */
  recommend(word: string): Promise<object> {
    return this.actions.object('get_recommend_face', { word })
  }

  /** Keys of market faces (Lagrange). */
  getMarketKeys(emojiIds: readonly string[]): Promise<unknown> {
    return this.actions.call('fetch_mface_key', { emoji_ids: emojiIds })
  }
}

/** Synthetic voices (NapCat, LLOneBot, Lagrange). */
export class VoicesApi extends Resource {
  /** The voices that there are. */
  list(params: {
    group_id: Id
    chat_type?: number
  }): Promise<
    { type: string; characters: { character_id: string; character_name: string; preview_url: string }[] }[]
  > {
    return this.actions.entries('get_ai_characters', params)
  }

  /** Says a text; gives a URL (NapCat, Lagrange). */
  record(params: { character: string; group_id: Id; text: string }): Promise<string> {
    return this.actions.text('get_ai_record', params)
  }

  /** Says a text in a group. */
  send(params: { character: string; group_id: Id; text: string }): Promise<SentMessage> {
    return this.actions.object('send_group_ai_record', params)
  }
}

/** Cards that can be sent as messages. */
export class CardsApi extends Resource {
  /** Makes the card of a mini app (NapCat). */
  miniApp(params: Readonly<Record<string, unknown>>): Promise<object> {
    return this.actions.object('get_mini_app_ark', params)
  }

  /** Makes the card of a person or group (NapCat). */
  contact(params: { user_id?: Id; group_id?: Id; phone_number?: string }): Promise<object> {
    return this.actions.object('send_ark_share', params)
  }

  /** Makes the card of a group (NapCat). */
  group(groupId: Id): Promise<string> {
    return this.actions.text('send_group_ark_share', { group_id: groupId })
  }

  /** Makes the card of a song (Lagrange). */
  music(params: Readonly<Record<string, unknown>>): Promise<unknown> {
    return this.actions.call('get_music_ark', params)
  }
}
