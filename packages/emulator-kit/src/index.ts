/**
 * What the emulators of the platforms share.
 *
 * @packageDocumentation
 */
// calls and what goes wrong with them
export { CallLog, type CallLogOptions } from './calls/call-log.ts'
export { type CallFault, CallFaults, type CallOutcome, type CallSteps } from './faults/call-faults.ts'
export { EventFaults } from './faults/event-faults.ts'
export { type FaultParts, Faults } from './faults/faults.ts'
export { GatewayFaults } from './faults/gateway-faults.ts'
export type { Held } from './faults/held.ts'
export { Plan } from './faults/plan.ts'
// the ways of the bot to the platform, and back
export { ActivityLog, type ActivityOf } from './gateway/activity-log.ts'
export { ConnectionFaults } from './gateway/connection-faults.ts'
export { OnlineWatch } from './gateway/online.ts'
export { SocketHost } from './gateway/socket-host.ts'
export { type Form, type FormFile, readBody, readForm } from './http/body.ts'
export { LoopbackServer, type LoopbackHandlers, refuseUpgrade } from './http/loopback-server.ts'
export { type RouteMatch, Router } from './http/router.ts'
export { exchange, type PushAnswer, type PushRequest } from './webhook/exchange.ts'
// people and time
export { expectSilence, type Expected, fits, inWords } from './people/expected.ts'
export { Timers } from './world/timers.ts'
export { isJsonObject, type JsonObject, parseJson } from './wire/json.ts'
