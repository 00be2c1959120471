/**
 * What the platform itself sends and takes, as its documentation writes it.
 *
 * @packageDocumentation
 */
export type * from './chat.ts'
export type * from './content.ts'
export type * from './envelope.ts'
export type * from './events.ts'
export type * from './forum.ts'
export type * from './guild.ts'
export type * from './person.ts'
export type * from './send.ts'
