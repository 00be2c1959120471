import type { Call } from '@mynah/adapter-kit'
import type { UserChat } from '../wire/objects.ts'
import { type Listing, Resource } from './resource.ts'

/** One-to-one chats. @see https://developer.kookapp.cn/doc/http/user-chat */
export class UserChatApi extends Resource {
  /** Chats of the bot. `GET user-chat/list` */
  readonly list: Listing<[], UserChat> = this.lists('/user-chat/list')

  /** One chat. `GET user-chat/view` */
  readonly get: Call<[chatCode: string], UserChat> = this.reads('/user-chat/view(chat_code)')

  /** Begins a chat, or finds the one there is. `POST user-chat/create` */
  readonly create: Call<[userId: string], UserChat> = this.does('/user-chat/create(target_id)')

  /** Removes a chat from the list. `POST user-chat/delete` */
  readonly delete: Call<[chatCode: string]> = this.does('/user-chat/delete(chat_code)')
}
