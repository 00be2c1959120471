/**
 * Cards as they are sent. Limits are checked by `checkCards`.
 *
 * @see KOOK developer documentation, "卡片消息" (card messages).
 * @packageDocumentation
 */

export type CardTheme =
  | 'primary'
  | 'success'
  | 'danger'
  | 'warning'
  | 'info'
  | 'secondary'
  | 'none'
  | 'invisible'
export type ButtonTheme = Exclude<CardTheme, 'invisible'>
export type CardSize = 'xs' | 'sm' | 'md' | 'lg'

/** At most 2000 characters; a bare string stands for one. */
export interface PlainText {
  readonly type: 'plain-text'
  readonly content: string
  /** Whether shortcodes become emojis. @defaultValue true */
  readonly emoji?: boolean
}
/** At most 5000 characters of KMarkdown. */
export interface KMarkdownText {
  readonly type: 'kmarkdown'
  readonly content: string
}
export type CardText = string | PlainText | KMarkdownText

/** JPEG, GIF or PNG. */
export interface CardImage {
  readonly type: 'image'
  readonly src: string
  /** At most 20 characters. */
  readonly alt?: string
  readonly size?: CardSize
  readonly circle?: boolean
  /** Shown when `src` cannot be copied: an image that was uploaded. */
  readonly fallbackUrl?: string
}
export interface CardButton {
  readonly type: 'button'
  readonly theme?: ButtonTheme
  /** What comes back, or the URL of a link. */
  readonly value?: string
  /** Empty: nothing happens. */
  readonly click?: '' | 'link' | 'return-val'
  /** 1 to 40 characters. */
  readonly text: CardText
}
/** Columns of text. */
export interface Paragraph {
  readonly type: 'paragraph'
  readonly cols: 1 | 2 | 3
  /** At most 50. */
  readonly fields: readonly CardText[]
}

export interface HeaderModule {
  readonly type: 'header'
  /** At most 100 characters. */
  readonly text: string | PlainText
}
export interface SectionModule {
  readonly type: 'section'
  readonly text: CardText | Paragraph
  /** Where the accessory stands; a button only on the right. @defaultValue 'right' */
  readonly mode?: 'left' | 'right'
  readonly accessory?: CardImage | CardButton
}
/** 1 to 9 square images side by side. */
export interface ImageGroupModule {
  readonly type: 'image-group'
  readonly elements: readonly CardImage[]
}
/** 1 to 9 whole images below each other. */
export interface ContainerModule {
  readonly type: 'container'
  readonly elements: readonly CardImage[]
}
/** 1 to 4 buttons. */
export interface ActionGroupModule {
  readonly type: 'action-group'
  readonly elements: readonly CardButton[]
}
/** At most 10 small texts and images. */
export interface ContextModule {
  readonly type: 'context'
  readonly elements: readonly (CardText | CardImage)[]
}
export interface DividerModule {
  readonly type: 'divider'
}
export interface FileModule {
  readonly type: 'file' | 'video'
  readonly src: string
  readonly title?: string
}
export interface AudioModule {
  readonly type: 'audio'
  readonly src: string
  readonly title?: string
  readonly cover?: string
}
/** Times in ms since 1970; `startTime` only with `second`. */
export interface CountdownModule {
  readonly type: 'countdown'
  readonly mode: 'day' | 'hour' | 'second'
  readonly endTime: number
  readonly startTime?: number
}
export interface InviteModule {
  readonly type: 'invite'
  /** An invite's URL or its code. */
  readonly code: string
}
export type CardModule =
  | HeaderModule
  | SectionModule
  | ImageGroupModule
  | ContainerModule
  | ActionGroupModule
  | ContextModule
  | DividerModule
  | FileModule
  | AudioModule
  | CountdownModule
  | InviteModule

export interface Card {
  readonly type: 'card'
  /** @defaultValue 'primary' */
  readonly theme?: CardTheme
  /** `#rrggbb`, instead of the theme's. */
  readonly color?: string
  /** @defaultValue 'lg' */
  readonly size?: 'sm' | 'lg'
  readonly modules: readonly CardModule[]
}
