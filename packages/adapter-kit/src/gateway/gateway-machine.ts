import type { FailureWords } from '../shared/network-failure.ts'
import type { ConnectMode, SocketClose } from '../socket/socket-close.ts'

/**
 * What a machine is told.
 *
 * @typeParam Frame - What the adapter reads out of a message.
 * @typeParam Note - What the adapter itself has to tell: a log-in that failed, an event that was taken.
 */
export type GatewayInput<Frame, Note = never> =
  /** A connection is about to be made; nothing can be sent yet. */
  | { readonly on: 'connecting'; readonly mode: ConnectMode }
  /** The connection is open. */
  | { readonly on: 'opened' }
  /** A message came in. */
  | { readonly on: 'frame'; readonly frame: Frame }
  /** A timer that `wait` began ran out. */
  | { readonly on: 'timer'; readonly timer: string }
  /** The adapter tells something. */
  | { readonly on: 'note'; readonly note: Note }
  /**
   * The connection, or the attempt to make one, ended without our doing; the answer says when to `connect`. All its
   * timers are gone.
   */
  | { readonly on: 'closed'; readonly close: SocketClose }

/**
 * What a machine wants to be done. Actions are done in order.
 *
 * @typeParam Own - What only the adapter can do: log in, take an event.
 */
export type GatewayAction<Own = never> =
  /** Send a text on this connection. */
  | { readonly do: 'send'; readonly data: string }
  /** Begin a timer, in ms; one of the same name that runs is replaced. Timers end with their connection. */
  | { readonly do: 'wait'; readonly timer: string; readonly delayMs: number }
  /** End a timer. */
  | { readonly do: 'cancel'; readonly timer: string }
  /** The platform took the log-in: failures count from zero again, and an operator hears that it works. */
  | { readonly do: 'online' }
  /**
   * Make a connection after so many ms; one that is open is closed. `failure` is what an operator is told; without
   * it, the end of the last connection speaks for itself, and to replace one that is open is part of the plan. Does
   * nothing while the next attempt is waited for.
   */
  | {
      readonly do: 'connect'
      readonly mode: ConnectMode
      readonly delayMs: number
      readonly failure?: FailureWords
    }
  /** Connect no more; as the answer to `closed` only. */
  | { readonly do: 'stop'; readonly failure?: FailureWords }
  /** Let the adapter do what only it can. */
  | { readonly do: 'perform'; readonly action: Own }

/** What comes out of a step. */
export interface GatewayStep<State, Own = never> {
  /** What the next step begins with. */
  readonly state: State
  /** What is to be done, in this order; often nothing. */
  readonly actions: readonly GatewayAction<Own>[]
}

/** A step to a state, with what is to be done. */
export function gatewayStep<State, Own>(
  state: State,
  ...actions: readonly GatewayAction<Own>[]
): GatewayStep<State, Own> {
  return { state, actions }
}

/** A step that does something before all that it does otherwise. */
export function doFirst<State, Own>(
  first: GatewayAction<Own>,
  { state, actions }: GatewayStep<State, Own>,
): GatewayStep<State, Own> {
  return { state, actions: [first, ...actions] }
}

/**
 * The rules of a platform's gateway: hello, heartbeat, log-in, resume and close codes. It owns no socket, no timer
 * and no token, so a test feeds it inputs and looks at the actions.
 *
 * @example
 * ```ts
 * const machine: GatewayMachine<State, Frame> = {
 *   initial: { isAckDue: false },
 *   step(state, input) {
 *     if (input.on === 'frame' && input.frame.op === 'hello')
 *       return { state, actions: [{ do: 'wait', timer: 'beat', delayMs: input.frame.everyMs }, { do: 'online' }] }
 *     if (input.on === 'closed') return { state, actions: [{ do: 'connect', mode: 'resume', delayMs: 1000 }] }
 *     return { state, actions: [] }
 *   },
 * }
 * ```
 */
export interface GatewayMachine<State, Frame, Note = never, Own = never> {
  /** What the first step begins with. */
  readonly initial: State
  /** Says what to do. It does nothing itself. */
  step(state: State, input: GatewayInput<Frame, Note>): GatewayStep<State, Own>
}
