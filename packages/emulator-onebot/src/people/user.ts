import { Participant, type GroupRef, type ParticipantHost } from './participant.ts'
import type { PendingRequest, Person, StoredMessage } from '../world/entities.ts'

/** What people need of the emulator besides talking. */
export interface PersonHost extends ParticipantHost {
  participant(person: Person, groupId: number): Participant
  temporaryParticipant(person: Person, groupId: number): Participant
  request(
    about: Pick<PendingRequest, 'kind' | 'userId'> &
      Partial<Pick<PendingRequest, 'groupId' | 'comment' | 'invitorId'>>,
  ): Promise<PendingRequest>
  sendFile(
    person: Person,
    chat: Participant['chat'],
    file: { name: string; bytes: Uint8Array },
  ): Promise<StoredMessage>
}

/** Somebody who chats with the bot. Speaking without `in` is the private chat. */
export class OneBotUser extends Participant {
  readonly #host: PersonHost

  constructor(person: Person, host: PersonHost) {
    super(person, { kind: 'private', userId: person.userId }, host)
    this.#host = host
  }

  /** The QQ number. */
  get userId(): number {
    return this.person.userId
  }

  /** The name as it is now. */
  get nickname(): string {
    return this.person.nickname
  }

  /**
   * This person in a group.
   *
   * @throws MynahError `TEST_EXPECTATION` when they are no member; see `group.add(user)`.
   */
  in(group: GroupRef): Participant {
    return this.#host.participant(this.person, group.groupId)
  }

  /** The temporary chat that members of a group can open without being friends. */
  through(group: GroupRef): Participant {
    return this.#host.temporaryParticipant(this.person, group.groupId)
  }

  /** Asks to be the bot's friend. */
  requestFriend(comment = ''): Promise<PendingRequest> {
    return this.#host.request({ kind: 'friend', userId: this.userId, comment })
  }

  /** Asks to be let into a group, perhaps because a member invited them. */
  requestToJoin(group: GroupRef, comment = '', invitedBy?: OneBotUser): Promise<PendingRequest> {
    const invitorId = invitedBy?.userId ?? 0
    return this.#host.request({
      kind: 'add',
      userId: this.userId,
      groupId: group.groupId,
      comment,
      invitorId,
    })
  }

  /** Invites the bot into a group it is not in. */
  inviteBot(groupId: number): Promise<PendingRequest> {
    return this.#host.request({ kind: 'invite', userId: this.userId, groupId })
  }

  /** Sends a file in the private chat. */
  sendFile(name: string, bytes: Uint8Array): Promise<StoredMessage> {
    return this.#host.sendFile(this.person, this.chat, { name, bytes })
  }
}
