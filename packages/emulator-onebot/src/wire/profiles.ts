import type { PathUse, Profile, ProfileName } from './profile.ts'

const stripSlash = (path: string): string => path.replace(/\/+$/, '')
const both: PathUse = { events: true, calls: true }
const calls: PathUse = { events: false, calls: true }
const events: PathUse = { events: true, calls: false }

const afterScheme = (header: string | undefined, scheme: RegExp): string | undefined => {
  const match = header === undefined ? null : scheme.exec(header)
  return match?.[1]
}

const minuteMs = 60_000
const newRetcodes: Profile['retcodes'] = {
  http: { failed: 200, badParams: 400, unknownAction: 200 },
  websocket: { failed: 1200, badParams: 1400, unknownAction: 1404 },
}
const modernReverse: Profile['reverse'] = {
  userAgent: 'OneBot/11',
  roles: ['Universal'],
  apiRoleName: 'API',
  roleHeader: 'x-client-role',
  authorization: (token) => `Bearer ${token}`,
  reconnectMs: 5000,
  handshakeMs: minuteMs,
}

/** The quirks of each implementation, as data. */
export const profiles: Readonly<Record<ProfileName, Profile>> = {
  'go-cqhttp': {
    name: 'go-cqhttp',
    letter: 'G',
    appName: 'go-cqhttp',
    appVersion: 'v1.2.0',
    heartbeatMs: 5000,
    font: 0,
    remembers: 50_000,
    cq: { dropsUnclosed: true, commaEscapedInText: false },
    stringSegments: true,
    emptyEcho: false,
    retcodes: {
      http: { failed: 100, badParams: 100, unknownAction: 404 },
      websocket: { failed: 100, badParams: 100, unknownAction: 404 },
    },
    checksParams: false,
    http: {
      missingToken: 401,
      refusal: undefined,
      checksContentType: false,
      unparsable: 'status-400',
      unknownActionStatus: 200,
      trailingSlash: 'unknown-action',
      otherMethodStatus: 404,
      serverSentEvents: false,
    },
    forward: {
      use: (path) => (path === '/api' ? calls : path === '/event' ? events : both),
      refusal: { kind: 'status', missing: 401, wrong: 403 },
      unparsable: 'not-found',
    },
    reverse: {
      userAgent: 'CQHttp/4.15.0',
      roles: ['API', 'Event', 'Universal'],
      apiRoleName: 'API',
      roleHeader: 'X-Client-Role',
      authorization: (token) => (token === '' ? undefined : `Token ${token}`),
      reconnectMs: 5000,
      handshakeMs: minuteMs,
    },
    webhook: {
      userAgent: 'CQHttp/4.15.0',
      lowerCaseHeaders: false,
      timeoutMs: 5000,
      retries: 3,
      retryDelayMs: 1500,
      quickOperations: true,
      metaEvents: 'enable',
    },
    quick: 'go-cqhttp',
    token: (authorization, query) => afterScheme(authorization, /^\S+ (.*)$/) ?? query ?? undefined,
    defaultMuteSeconds: 1800,
    defaultEnable: true,
    unknownSegment: 'as-text',
  },
  napcat: {
    name: 'napcat',
    letter: 'N',
    appName: 'NapCat.Onebot',
    appVersion: '4.8.124',
    heartbeatMs: 30_000,
    font: 14,
    remembers: 5000,
    cq: { dropsUnclosed: false, commaEscapedInText: true },
    stringSegments: false,
    emptyEcho: true,
    retcodes: newRetcodes,
    checksParams: true,
    http: {
      missingToken: 403,
      refusal: () => ({ message: 'token verify failed!' }),
      checksContentType: false,
      unparsable: 'status-400',
      unknownActionStatus: 200,
      trailingSlash: 'accepted',
      otherMethodStatus: 404,
      serverSentEvents: true,
    },
    forward: {
      use: (path) => (stripSlash(path) === '/api' ? calls : both),
      refusal: { kind: 'frame' },
      unparsable: 'bad-request',
    },
    reverse: { ...modernReverse, handshakeMs: 2000 },
    webhook: {
      userAgent: 'OneBot/11',
      lowerCaseHeaders: true,
      timeoutMs: Number.POSITIVE_INFINITY,
      retries: 0,
      retryDelayMs: 0,
      quickOperations: true,
      metaEvents: 'none',
    },
    quick: 'replies-only',
    token: (authorization, query) => query ?? authorization?.replace(/^Bearer /, ''),
    defaultMuteSeconds: 0,
    defaultEnable: true,
    unknownSegment: 'fail',
  },
  llonebot: {
    name: 'llonebot',
    letter: 'B',
    appName: 'LLOneBot',
    appVersion: '6.6.4',
    heartbeatMs: 30_000,
    font: 14,
    remembers: 50_000,
    cq: { dropsUnclosed: false, commaEscapedInText: true },
    stringSegments: false,
    emptyEcho: false,
    retcodes: { ...newRetcodes, http: { ...newRetcodes.http, unknownAction: 404 } },
    checksParams: true,
    http: {
      missingToken: 403,
      refusal: (reason) => ({ message: reason }),
      checksContentType: false,
      unparsable: 'retcode-400',
      unknownActionStatus: 404,
      trailingSlash: 'status-404',
      otherMethodStatus: 404,
      serverSentEvents: true,
    },
    forward: {
      use: (path) => {
        const plain = stripSlash(path)
        return plain === '' ? both : { calls: plain === '/api', events: plain === '/event' }
      },
      refusal: { kind: 'frame', closeCode: 1008 },
      unparsable: 'bad-request-with-echo',
    },
    reverse: { ...modernReverse, reconnectMs: 3000 },
    webhook: {
      userAgent: 'OneBot/11',
      lowerCaseHeaders: false,
      timeoutMs: Number.POSITIVE_INFINITY,
      retries: 0,
      retryDelayMs: 0,
      quickOperations: true,
      metaEvents: 'none',
    },
    quick: 'full',
    token: (authorization, query) => afterScheme(authorization, /^Bearer (.*)$/) ?? query ?? undefined,
    defaultMuteSeconds: 1800,
    defaultEnable: true,
    unknownSegment: 'drop',
  },
  lagrange: {
    name: 'lagrange',
    letter: 'L',
    appName: 'Lagrange.OneBot',
    appVersion: '0.0.3',
    heartbeatMs: 5000,
    font: 65_536,
    remembers: 50_000,
    cq: { dropsUnclosed: false, commaEscapedInText: true },
    stringSegments: false,
    emptyEcho: false,
    retcodes: {
      http: { failed: 200, badParams: 200, unknownAction: 404 },
      websocket: { failed: 200, badParams: 200, unknownAction: 404 },
    },
    checksParams: true,
    http: {
      missingToken: 401,
      refusal: undefined,
      checksContentType: true,
      unparsable: 'no-answer',
      unknownActionStatus: 200,
      trailingSlash: 'unknown-action',
      otherMethodStatus: 405,
      serverSentEvents: false,
    },
    forward: {
      use: (path) => {
        const plain = stripSlash(path)
        return plain === '/api' ? calls : plain === '/event' ? events : both
      },
      refusal: { kind: 'status', missing: 403, wrong: 403 },
      unparsable: 'silence',
    },
    reverse: {
      ...modernReverse,
      roles: ['API', 'Event', 'Universal'],
      apiRoleName: 'Api',
      roleHeader: 'X-Client-Role',
    },
    webhook: {
      userAgent: 'OneBot/11',
      lowerCaseHeaders: false,
      timeoutMs: minuteMs,
      retries: 0,
      retryDelayMs: 0,
      quickOperations: false,
      metaEvents: 'connect',
    },
    quick: 'none',
    // Another scheme is a wrong token, not a missing one.
    token: (authorization, query) =>
      afterScheme(authorization, /^Bearer (.*)$/) ??
      query ??
      (authorization === undefined ? undefined : `not ${authorization}`),
    defaultMuteSeconds: 0,
    defaultEnable: false,
    unknownSegment: 'drop',
  },
}
