import type * as en from './en.ts'

/** Key of one of the framework's texts. */
export type FrameworkKey = keyof typeof en.texts

/** Something that people write in one of several words. */
export type WordKey = keyof typeof en.words
