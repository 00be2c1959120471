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
/** How a button looks. */
export type ButtonTheme = Exclude<CardTheme, 'invisible'>
/** How large something is shown. */
export type CardSize = 'xs' | 'sm' | 'md' | 'lg'

/** At most 2000 characters; a bare string stands for one. */
export interface PlainText {
  /** Plain text. */
  readonly type: 'plain-text'
  /** The text, shown as it is but for shortcodes of emojis. */
  readonly content: string
  /** Whether shortcodes become emojis. @defaultValue true */
  readonly emoji?: boolean
}
/** At most 5000 characters of KMarkdown. */
export interface KMarkdownText {
  /** KMarkdown. */
  readonly type: 'kmarkdown'
  /** The source. */
  readonly content: string
}
/** A text of a card; a bare string is plain text. */
export type CardText = string | PlainText | KMarkdownText

/** JPEG, GIF or PNG. */
export interface CardImage {
  /** A picture. */
  readonly type: 'image'
  /** URL of the picture; one that was uploaded, or that is going to be. */
  readonly src: string
  /** At most 20 characters. */
  readonly alt?: string
  /** How large it is shown. */
  readonly size?: CardSize
  /** Whether it is cut to a circle. @defaultValue false */
  readonly circle?: boolean
  /** Shown when `src` cannot be copied: an image that was uploaded. */
  readonly fallbackUrl?: string
}
/** A button. */
export interface CardButton {
  /** A button. */
  readonly type: 'button'
  /** How it looks. @defaultValue 'primary' */
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
  /** Columns of text. */
  readonly type: 'paragraph'
  /** How many columns. */
  readonly cols: 1 | 2 | 3
  /** At most 50. */
  readonly fields: readonly CardText[]
}

/** A title. */
export interface HeaderModule {
  /** A title. */
  readonly type: 'header'
  /** At most 100 characters. */
  readonly text: string | PlainText
}
/** A text, with a picture or a button beside it. */
export interface SectionModule {
  /** A text. */
  readonly type: 'section'
  /** The text, or columns of it. */
  readonly text: CardText | Paragraph
  /** Where the accessory stands; a button only on the right. @defaultValue 'right' */
  readonly mode?: 'left' | 'right'
  /** What stands beside the text. */
  readonly accessory?: CardImage | CardButton
}
/** 1 to 9 square images side by side. */
export interface ImageGroupModule {
  /** Square pictures. */
  readonly type: 'image-group'
  /** The pictures. */
  readonly elements: readonly CardImage[]
}
/** 1 to 9 whole images below each other. */
export interface ContainerModule {
  /** Whole pictures. */
  readonly type: 'container'
  /** The pictures. */
  readonly elements: readonly CardImage[]
}
/** 1 to 4 buttons. */
export interface ActionGroupModule {
  /** A row of buttons. */
  readonly type: 'action-group'
  /** The buttons. */
  readonly elements: readonly CardButton[]
}
/** At most 10 small texts and images. */
export interface ContextModule {
  /** Small print. */
  readonly type: 'context'
  /** The texts and pictures. */
  readonly elements: readonly (CardText | CardImage)[]
}
/** A line. */
export interface DividerModule {
  /** A line. */
  readonly type: 'divider'
}
/** A file or a video. */
export interface FileModule {
  /** A file or a video. */
  readonly type: 'file' | 'video'
  /** URL of the media. */
  readonly src: string
  /** The title. */
  readonly title?: string
}
/** A sound. */
export interface AudioModule {
  /** A sound. */
  readonly type: 'audio'
  /** URL of the media. */
  readonly src: string
  /** The title. */
  readonly title?: string
  /** URL of the picture beside it. */
  readonly cover?: string
}
/** Times in ms since 1970; `startTime` only with `second`. */
export interface CountdownModule {
  /** A countdown. */
  readonly type: 'countdown'
  /** What is counted: days, hours or seconds. */
  readonly mode: 'day' | 'hour' | 'second'
  /** When it ends, in ms since 1970. */
  readonly endTime: number
  /** When it began, in ms since 1970. */
  readonly startTime?: number
}
/** An invite. */
export interface InviteModule {
  /** An invite. */
  readonly type: 'invite'
  /** An invite's URL or its code. */
  readonly code: string
}
/** A part of a card. */
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

/** A card: a frame with modules. */
export interface Card {
  /** A card. */
  readonly type: 'card'
  /** @defaultValue 'primary' */
  readonly theme?: CardTheme
  /** `#rrggbb`, instead of the theme's. */
  readonly color?: string
  /** @defaultValue 'lg' */
  readonly size?: 'sm' | 'lg'
  /** What is in it, in order; at most 50 over all cards of a message. */
  readonly modules: readonly CardModule[]
}
