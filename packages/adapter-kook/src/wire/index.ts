/**
 * The types of KOOK as they travel: objects, events, cards.
 *
 * @packageDocumentation
 */
export type * from './card.ts'
export type * from './events.ts'
export type * from './messages.ts'
export type * from './objects.ts'
export type * from './system-events.ts'
