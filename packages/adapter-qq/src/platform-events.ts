import type { WireEventName, WireEvents } from './wire/events.ts'

/** The platform's events under their names here, such as `qq/GROUP_ADD_ROBOT`. */
export type QQPlatformEvents = { [K in WireEventName as `qq/${K}`]: WireEvents[K] }
