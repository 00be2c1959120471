import type { CqDialect } from './cq-code.ts'

/** The implementations that can be played. */
export type ProfileName = 'go-cqhttp' | 'napcat' | 'llonebot' | 'lagrange'

/** One letter for each implementation, as used in the table of actions. */
export type ProfileLetter = 'G' | 'N' | 'B' | 'L'

/** What a path of the forward WebSocket server carries. */
export interface PathUse {
  /** Whether events go out. */
  events: boolean
  /** Whether calls come in. */
  calls: boolean
}

/** Everything in which the implementations differ and which is plain data. */
export interface Profile {
  readonly name: ProfileName
  readonly letter: ProfileLetter
  readonly appName: string
  readonly appVersion: string
  /** Period of heartbeats unless the options say otherwise, in ms. */
  readonly heartbeatMs: number
  /** `font` of message events. */
  readonly font: number
  /** How many messages can be looked up by id; older ones are forgotten. */
  readonly remembers: number
  readonly cq: CqDialect
  /** Values of received segments are all strings. */
  readonly stringSegments: boolean
  /** The key that answers carry when the call had no `echo`. */
  readonly emptyEcho: boolean
  /** Result codes of a handler that failed, of wrong parameters and of an unknown action. */
  readonly retcodes: Record<
    'http' | 'websocket',
    { failed: number; badParams: number; unknownAction: number }
  >
  /** Wrong parameters are refused; otherwise they count as zero or empty. */
  readonly checksParams: boolean
  readonly http: {
    readonly missingToken: number
    /** Body of a refused request; undefined leaves it empty. */
    readonly refusal: ((reason: string) => object) | undefined
    /** POST bodies other than form and JSON give 406. */
    readonly checksContentType: boolean
    readonly unparsable: 'status-400' | 'retcode-400' | 'no-answer'
    readonly unknownActionStatus: number
    readonly trailingSlash: 'accepted' | 'unknown-action' | 'status-404'
    readonly otherMethodStatus: number
    /** `GET /_events` streams events. */
    readonly serverSentEvents: boolean
  }
  readonly forward: {
    readonly use: (path: string) => PathUse
    /** Refused with this status; `frame` lets the upgrade through and says 1403 in a frame. */
    readonly refusal:
      | { kind: 'status'; missing: number; wrong: number }
      | { kind: 'frame'; closeCode?: number }
    readonly unparsable: 'not-found' | 'bad-request' | 'bad-request-with-echo' | 'silence'
  }
  readonly reverse: {
    readonly userAgent: string
    readonly roles: readonly ReverseRole[]
    readonly apiRoleName: string
    readonly roleHeader: string
    readonly authorization: (token: string) => string | undefined
    readonly reconnectMs: number
    /** How long the server may take to finish the upgrade, in ms. */
    readonly handshakeMs: number
  }
  readonly webhook: {
    readonly userAgent: string
    readonly lowerCaseHeaders: boolean
    readonly timeoutMs: number
    readonly retries: number
    readonly retryDelayMs: number
    /** Whether the answer is looked at. */
    readonly quickOperations: boolean
    /** Lifecycle event sent at the start; heartbeats follow it unless there is none. */
    readonly metaEvents: 'none' | 'enable' | 'connect'
  }
  /** What quick operations can do here; `none` does not even know the action. */
  readonly quick: 'none' | 'replies-only' | 'go-cqhttp' | 'full'
  /** Token of a request: which of header and query wins, and how the header is read. */
  readonly token: (authorization: string | undefined, query: string | null) => string | undefined
  /** Duration that a mute without one gets, in s. */
  readonly defaultMuteSeconds: number
  /** Default of `enable` of the group switches. */
  readonly defaultEnable: boolean
  /** How an unknown segment type is treated on send. */
  readonly unknownSegment: 'as-text' | 'fail' | 'drop'
}

/** The roles of a reverse WebSocket connection. */
export type ReverseRole = 'Universal' | 'API' | 'Event'
