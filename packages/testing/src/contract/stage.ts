import type { App, Bot, BotFeature, Content, ElementType, PluginInstance } from '@mynah/core'

/** A message of the bot as people on the platform see it. */
export interface Arrival {
  /** Its id there, as receipts tell it. */
  readonly id: string
  /** Its words. */
  readonly text: string
  /** Ids of the people it mentions. */
  readonly mentions: readonly string[]
  /** Id of the message it quotes; `undefined` when it quotes none. */
  readonly quote: string | undefined
  /** How many pictures it has. */
  readonly images: number
}

/** A place where a person and the bot write. */
export interface ContractChat {
  /** The person says something. Resolves when it is on its way to the bot. */
  say(words: string): unknown
  /**
   * Takes the next message of the bot that was not taken yet, already there or still to come.
   *
   * @throws Error when none comes within a few seconds.
   */
  arrival(): Promise<Arrival>
}

/** What a platform can let happen besides people who say something; each in the group, where nothing else is said. */
export interface ContractDrivers {
  /** A person says something in the group and mentions the bot. */
  mention(words: string): unknown
  /** A person sends a picture. */
  sendImage(): unknown
  /** A person says something with a picture in the same message. */
  sayWithImage(words: string): unknown
  /** A person says something and quotes a message of the bot. */
  quote(messageId: string, words: string): unknown
  /** A person changes the last message that they sent. */
  edit(words: string): unknown
  /** A person takes back the last message that they sent. */
  recall(): unknown
  /** The account itself says something, from another device. */
  speakAsBot(words: string): unknown
  /** Somebody joins the group. */
  addMember(): unknown
  /** Somebody leaves the group. */
  removeMember(): unknown
  /** Somebody wants to be a friend of the bot. */
  requestFriend(): unknown
  /** Somebody wants to join the group. */
  requestToJoin(): unknown
  /** Somebody invites the bot into another group. */
  inviteBot(): unknown
  /** A person reacts to a message of the bot. */
  react(messageId: string): unknown
  /** A person takes back that reaction. */
  unreact(messageId: string): unknown
  /** A person presses the button `go` of a message of the bot. */
  press(messageId: string): unknown
  /** A person pokes the bot. */
  poke(): unknown
  /** The platform delivers the next event twice. */
  repeatNext(): unknown
  /** The connection breaks; the platform takes it back as soon as the bot comes again. */
  cut(): unknown
}

/** Name of a driver. */
export type DriverName = keyof ContractDrivers

/** Ids on the platform that calls are made with. */
export interface ContractIds {
  /** The guild or group of {@link ContractStage.group}, as events tell it. */
  readonly guild: string
  /** A person who is a member of the guild and, where the platform has friends, a friend. */
  readonly user: string
  /** A role of the guild; needed where the bot grants roles. */
  readonly role?: string
  /** An emoji that the bot can react with. @defaultValue '👍' */
  readonly emoji?: string
  /** An address of the right form that leads nowhere. */
  readonly nowhere: string
}

/** What a call is made in: the bot, and messages that are there. */
export interface CallScene {
  /** The account. */
  readonly bot: Bot
  /** Address of the group, as an event told it. */
  readonly channelId: string
  /** A message of the bot in the group. */
  readonly messageId: string
}

/** Arguments of calls, by feature. */
export type ContractCalls = {
  readonly [K in BotFeature]?: (scene: CallScene) => Parameters<Bot[K]> | Promise<Parameters<Bot[K]>>
}

/** Whether the platform shows what a call did, by feature. */
export type ContractShows = {
  readonly [K in BotFeature]?: (scene: CallScene) => Promise<boolean> | boolean
}

/** A platform that runs for one case, most often an emulator on a real socket. */
export interface ContractStage {
  /**
   * Adds the adapter to an app, with a config that leads to this platform. Called again after the adapter was taken
   * away, and by a second app after the first has stopped.
   */
  plug(app: App): PluginInstance
  /** A chat of many; the bot can be told apart from others there. */
  readonly group: ContractChat
  /** The one-to-one chat of the same person and the bot. */
  readonly direct: ContractChat
  /** Ids that the calls of the table are made with. */
  readonly ids: ContractIds
  /** What the platform can let happen; a case whose driver is missing needs a skip. */
  readonly drivers: Partial<ContractDrivers>
  /** What stands for an element in the case that sends each; only where the usual sample does not fit. */
  readonly samples?: Partial<Record<ElementType, Content>>
  /** Arguments of calls; only where those made of {@link ids} do not fit. */
  readonly calls?: ContractCalls
  /** Whether the platform shows what a call did; needed for what no other method of the bot reads back. */
  readonly shows?: ContractShows
  /** Ends the platform. */
  close(): Promise<void>
}
