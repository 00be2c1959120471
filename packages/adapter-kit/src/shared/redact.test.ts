import { expect, it } from 'vitest'
import { redact } from './redact.ts'

it('hides secrets at any depth, shortens long texts, and leaves the rest alone', () => {
  const shown = redact({
    access_token: 's3cret',
    nested: [{ Authorization: 'Bearer s3cret', cookies: 's3cret', user_id: 1, ok: true, none: null }],
    file: `base64://${'A'.repeat(5000)}`,
    bytes: new Uint8Array(3),
    text: 'hello',
  })
  expect(shown).toEqual({
    access_token: '<redacted>',
    nested: [{ Authorization: '<redacted>', cookies: '<redacted>', user_id: 1, ok: true, none: null }],
    file: `base64://${'A'.repeat(31)}… <5009 characters>`,
    bytes: '<3 bytes>',
    text: 'hello',
  })
})
