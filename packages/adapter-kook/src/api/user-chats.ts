import type { PagedList } from '../http.ts'
import type { UserChat } from '../wire/objects.ts'
import { Resource } from './resource.ts'

/** One-to-one chats. @see https://developer.kookapp.cn/doc/http/user-chat */
export class UserChatApi extends Resource {
  /** Chats of the bot. `GET user-chat/list` */
  list(): PagedList<UserChat> {
    return this.http.pages('/user-chat/list')
  }

  /** One chat. `GET user-chat/view` */
  get(chatCode: string): Promise<UserChat> {
    return this.http.get('/user-chat/view', { chat_code: chatCode })
  }

  /** Begins a chat, or finds the one there is. `POST user-chat/create` */
  create(userId: string): Promise<UserChat> {
    return this.http.post('/user-chat/create', { target_id: userId })
  }

  /** Removes a chat from the list. `POST user-chat/delete` */
  delete(chatCode: string): Promise<void> {
    return this.http.post('/user-chat/delete', { chat_code: chatCode })
  }
}
