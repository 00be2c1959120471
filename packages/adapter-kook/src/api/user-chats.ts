import type { KookHttp, PagedList } from '../http.ts'
import type { UserChat } from '../wire/objects.ts'

/** One-to-one chats. @see https://developer.kookapp.cn/doc/http/user-chat */
export class UserChatApi {
  readonly #http: KookHttp

  constructor(http: KookHttp) {
    this.#http = http
  }

  /** Chats of the bot. `GET user-chat/list` */
  list(): PagedList<UserChat> {
    return this.#http.pages('/user-chat/list')
  }

  /** One chat. `GET user-chat/view` */
  view(chatCode: string): Promise<UserChat> {
    return this.#http.get('/user-chat/view', { chat_code: chatCode })
  }

  /** Begins a chat, or finds the one there is. `POST user-chat/create` */
  create(userId: string): Promise<UserChat> {
    return this.#http.post('/user-chat/create', { target_id: userId })
  }

  /** Removes a chat from the list. `POST user-chat/delete` */
  delete(chatCode: string): Promise<void> {
    return this.#http.post('/user-chat/delete', { chat_code: chatCode })
  }
}
