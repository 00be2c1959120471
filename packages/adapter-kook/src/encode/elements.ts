import type { CardTheme, CardSize } from '../wire/card.ts'

/** Themes of coloured text, which only cards show. */
export type FontTheme = Exclude<CardTheme, 'none' | 'invisible'> | 'body' | 'tips' | 'pink' | 'purple'

declare module '@mynah/core' {
  interface ElementTypes {
    /** How the whole message is sent; shows nothing itself. */
    'kook-send': {
      /** Only this user sees the message, and it is not kept. Channels only. */
      temp?: string
      /** Comes back in the event of the sent message. */
      nonce?: string
    }
    /** Sends the input, a JSON document, through a template of the developer console. */
    'kook-template': { id: string; input: string }
    /** Cards as JSON: one card or an array of them. `cardMessage` makes it from typed cards. */
    'kook-cards': { content: string }
    /** A card; its children are modules. Texts and pictures in between become modules by themselves. */
    'kook-card': { theme?: CardTheme; color?: string; size?: 'sm' | 'lg' }
    /** A title; children are plain text, at most 100 characters. */
    'kook-header': object
    /** A text; a `button` or `image` among the children stands beside it. */
    'kook-section': { mode?: 'left' | 'right' }
    /** Columns of `kook-field`, inside a section. */
    'kook-paragraph': { cols: 1 | 2 | 3 }
    'kook-field': object
    /** Small print: texts and images, at most 10. */
    'kook-context': object
    'kook-divider': object
    /** Whole images below each other, at most 9. */
    'kook-container': object
    /** Square images side by side, at most 9. */
    'kook-image-group': object
    /** An image of a card with the platform's own attributes. */
    'kook-image': { src: string; alt?: string; size?: CardSize; circle?: boolean; fallback?: string }
    /** Times in ms since 1970; `start` only with `second`. */
    'kook-countdown': { mode: 'day' | 'hour' | 'second'; end: number; start?: number }
    /** An invite's URL or its code. */
    'kook-invite': { code: string }
    /** Coloured text; cards only. */
    'kook-font': { theme: FontTheme | (string & {}) }
    /** A part of a received card that has no element of its own, as JSON. */
    'raw:kook': { json: string }
    /** One message as it goes on the wire; made by the adapter. */
    'kook-message': {
      kind: number
      content: string
      quote?: string
      temp?: string
      nonce?: string
      template?: string
      /** URLs of the local files among its media, as JSON; no others are read. */
      files?: string
    }
  }
}
