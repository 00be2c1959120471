import { attempt } from '../shared/attempt.ts'
import { isPlainObject } from '../shared/plain-object.ts'
import type { Environment } from './env-files.ts'

const secretName =
  /token|secret|passw|passphrase|credential|auth(?!or)|(?:^|[_-])(?:pass|pwd|key|sign)$|(?:api|access|private|verify|encrypt)[_-]?key/i
/** Values that say nothing, whatever their name: hiding them would only spoil other lines. */
const plainValue = /^(?:true|false|yes|no|on|off|none|null|\d{1,5})$/i

/** Whether a name says that its value is secret; only a hint beside what schemas say. */
function isSecretName(name: string): boolean {
  return secretName.test(name)
}

/** Values of variables whose name says that they are secret, and secrets in the addresses of all others. */
export function secretsOfEnvironment(environment: Environment, names: Iterable<string>): string[] {
  return Array.from(names).flatMap((name) => {
    const value = environment[name] ?? ''
    if (plainValue.test(value)) return []
    return isSecretName(name) ? secretsIn(value) : secretsOfAddress(value)
  })
}

/**
 * The texts of a value that is secret as a whole. Of an address only what nobody may know: people who run a bot
 * have to be told where it could not connect to.
 */
export function secretsIn(value: unknown): string[] {
  return textsIn(value).flatMap((text) => (text.includes('://') ? secretsOfAddress(text) : [text]))
}

/** Secrets in all addresses of a value, whatever their places are called. */
export function secretsOfAddresses(value: unknown): string[] {
  return textsIn(value).flatMap(secretsOfAddress)
}

/** Texts and numbers, however deep they stand. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'number' || typeof value === 'bigint') return [String(value)]
  if (Array.isArray(value)) return value.flatMap(textsIn)
  return isPlainObject(value) ? Object.values(value).flatMap(textsIn) : []
}

const address = /^[a-z][a-z\d+.-]*:\/\/(?:([^/?#\s]*)@)?/i

/** The password and the parameters of an address that let somebody in, as written and decoded. */
function secretsOfAddress(text: string): string[] {
  const [match, user] = address.exec(text) ?? []
  if (match === undefined) return []
  const colon = user?.indexOf(':') ?? -1
  const password = user === undefined ? undefined : user.slice(colon + 1)
  const [, query = ''] = /\?([^#]*)/.exec(text) ?? []
  const parameters = query.split('&').flatMap((parameter) => {
    const equals = parameter.indexOf('=')
    return equals > 0 && isSecretName(parameter.slice(0, equals)) ? [parameter.slice(equals + 1)] : []
  })
  return [...(password === undefined ? [] : [password]), ...parameters].flatMap((value) => [
    value,
    ...decoded(value),
  ])
}

function decoded(value: string): string[] {
  const text = attempt(() => decodeURIComponent(value.replaceAll('+', ' '))) ?? value
  return text === value ? [] : [text]
}
