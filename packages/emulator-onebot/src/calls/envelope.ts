import type { ApiRefusal } from './refusal.ts'
import type { Profile } from '../wire/profile.ts'
import type { Envelope, Via } from '../wire/wire.ts'

/** A successful answer in the profile's form. */
export function succeeded(profile: Profile, data: unknown): Envelope {
  const envelope: Envelope = { status: 'ok', retcode: 0, data: data ?? null }
  if (profile.letter === 'L') return envelope
  envelope.message = ''
  if (profile.letter === 'G') return envelope
  envelope.wording = ''
  if (profile.letter === 'N') envelope.stream = 'normal-action'
  return envelope
}

/** One frame of a NapCat stream. */
export const streamFrame = (data: Record<string, unknown>): Envelope => ({
  status: data['type'] === 'error' ? 'failed' : 'ok',
  retcode: data['type'] === 'error' ? 1200 : 0,
  data,
  message: '',
  wording: '',
  stream: 'stream-action',
})

/** A refusal in the profile's form. */
export function failed(profile: Profile, failure: ApiRefusal, via: Via): Envelope {
  const codes = profile.retcodes[via === 'http' ? 'http' : 'websocket']
  const retcode = codes[failure.kind]
  const text = failure.message
  const { letter } = profile
  if (letter === 'L') return { status: failure.status, retcode: failure.resultNumber ?? retcode, data: null }
  const refusal: Envelope = { status: 'failed', retcode, data: null, message: text, wording: text }
  if (letter === 'G') return { ...refusal, msg: failure.code ?? 'API_ERROR' }
  return letter === 'N' ? { ...refusal, stream: 'normal-action' } : refusal
}

/** A refusal with a result code of the transport itself, such as 1403. */
export function refused(profile: Profile, retcode: number, text: string): Envelope {
  const envelope: Envelope = { status: 'failed', retcode, data: null, message: text, wording: text }
  return profile.letter === 'N' ? { ...envelope, echo: '', stream: 'normal-action' } : envelope
}
