/**
 * What implementations send and answer, as it is on the wire: for whoever reads `session.raw`, or calls actions.
 *
 * @packageDocumentation
 */
export type * from './events.ts'
export type * from './results.ts'
export type * from './segment.ts'
export { escapeCqText, escapeCqValue, parseCq, stringifyCq, unescapeCq } from './cq-code.ts'
