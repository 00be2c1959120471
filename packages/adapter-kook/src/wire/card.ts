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

interface Media {
  /** URL of the media. */
  readonly src: string
  /** The title. */
  readonly title?: string
}

/** What the modules of a card hold, by their type. */
export interface CardModules {
  /** A title of at most 100 characters. */
  header: { readonly text: string | PlainText }
  /** A text, or columns of it, and what stands beside it; a button stands only on the right, as all do by default. */
  section: {
    readonly text: CardText | Paragraph
    readonly mode?: 'left' | 'right'
    readonly accessory?: CardImage | CardButton
  }
  /** 1 to 9 square images side by side. */
  'image-group': { readonly elements: readonly CardImage[] }
  /** 1 to 9 whole images below each other. */
  container: { readonly elements: readonly CardImage[] }
  /** 1 to 4 buttons in a row. */
  'action-group': { readonly elements: readonly CardButton[] }
  /** Small print: at most 10 texts and images. */
  context: { readonly elements: readonly (CardText | CardImage)[] }
  /** A line. */
  divider: object
  /** A file. */
  file: Media
  /** A video. */
  video: Media
  /** A sound; `cover` is the URL of the picture beside it. */
  audio: Media & { readonly cover?: string }
  /** Counts down to `endTime`; times in ms since 1970, `startTime` only with `second`. */
  countdown: {
    readonly mode: 'day' | 'hour' | 'second'
    readonly endTime: number
    readonly startTime?: number
  }
  /** An invite's URL or its code. */
  invite: { readonly code: string }
}

/** A part of a card, of the type `T`. */
export type CardModule<T extends keyof CardModules = keyof CardModules> = {
  [K in T]: { readonly type: K } & CardModules[K]
}[T]

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
