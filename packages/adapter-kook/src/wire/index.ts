/**
 * The types of KOOK as they travel: objects, events, cards.
 *
 * @packageDocumentation
 */
export type * from './card.ts'
export type * from './events.ts'
export type * from './objects.ts'
