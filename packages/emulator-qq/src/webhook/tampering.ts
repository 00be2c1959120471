import { parseJson } from '@mynah/emulator-kit'

/** Every way to spoil a push after it was signed, for tests that go through all of them. */
export const qqTamperings = [
  'flip-digit',
  'short-signature',
  'long-signature',
  'not-hex',
  'top-bits',
  'shift-timestamp',
  'extra-space',
  'reserialise',
  'no-signature',
  'no-timestamp',
  'wrong-appid',
] as const

/** A way to spoil a push after it was signed. */
export type QQTampering = (typeof qqTamperings)[number]

/** A push ready to go. */
export interface SignedPush {
  readonly headers: Readonly<Record<string, string>>
  readonly content: Buffer
}

const signatureHeader = 'X-Signature-Ed25519'
const timestampHeader = 'X-Signature-Timestamp'

const change =
  (name: string, edit: (value: string) => string) =>
  ({ headers, content }: SignedPush): SignedPush => ({
    headers: { ...headers, [name]: edit(headers[name] ?? '') },
    content,
  })

const drop =
  (name: string) =>
  ({ headers, content }: SignedPush): SignedPush => ({
    headers: Object.fromEntries(Object.entries(headers).filter(([header]) => header !== name)),
    content,
  })

const rewrite =
  (edit: (text: string) => string) =>
  ({ headers, content }: SignedPush): SignedPush => ({
    headers,
    content: Buffer.from(edit(content.toString())),
  })

const spoilers: Record<QQTampering, (push: SignedPush) => SignedPush> = {
  'flip-digit': change(signatureHeader, (hex) => (hex.startsWith('0') ? '1' : '0') + hex.slice(1)),
  'short-signature': change(signatureHeader, (hex) => hex.slice(0, -2)),
  'long-signature': change(signatureHeader, (hex) => `${hex}00`),
  'not-hex': change(signatureHeader, (hex) => `zz${hex.slice(2)}`),
  'top-bits': change(signatureHeader, (hex) => `${hex.slice(0, -2)}ff`),
  'shift-timestamp': change(timestampHeader, (seconds) => String(Number(seconds) + 1)),
  'extra-space': rewrite((text) => `${text} `),
  reserialise: rewrite((text) => JSON.stringify(parseJson(text), null, 1)),
  'no-signature': drop(signatureHeader),
  'no-timestamp': drop(timestampHeader),
  'wrong-appid': change('X-Bot-Appid', () => '1'),
}

/** Spoils a push, or leaves it as it is. */
export const spoil = (push: SignedPush, tampering: QQTampering | undefined): SignedPush =>
  tampering === undefined ? push : spoilers[tampering](push)
