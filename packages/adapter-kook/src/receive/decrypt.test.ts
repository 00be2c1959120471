import { encryptFrame } from '@mynah/emulator-kook'
import fc from 'fast-check'
import { expect, it } from 'vitest'

import { vectors } from '../../test/webhook-vectors.ts'
import { decrypt, padKey } from './decrypt.ts'

it.each([vectors.challenge, vectors.event])('decrypts $plain', ({ key, plain, encrypt }) => {
  expect(decrypt(encrypt, key)).toBe(plain)
})

it('cuts a key to 32 bytes', () => {
  const encrypt = 'ZjNhOWMwNWQ3YjEyZTY4NFFQeUlSVHIyTWJ0UzFsZk9QcHoyR3c9PQ=='
  expect(decrypt(encrypt, 'A'.repeat(40))).toBe('{"s":0}')
  expect(decrypt(encrypt, 'A'.repeat(32))).toBe('{"s":0}')
  expect(padKey('kook-demo-key').toString('hex')).toBe(
    '6b6f6f6b2d64656d6f2d6b657900000000000000000000000000000000000000',
  )
})

it('refuses another key and whatever is no cipher', () => {
  expect(() => decrypt(vectors.challenge.encrypt, 'wrong-key')).toThrow(/encryptKey/)
  for (const broken of ['', 'AAAA', '!!!', Buffer.from('x'.repeat(40)).toString('base64')]) {
    expect(() => decrypt(broken, 'key')).toThrow(/cannot be decrypted/)
  }
})

it('decrypts what the platform encrypts', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ minLength: 1 }), (plain, key) => {
      expect(decrypt(encryptFrame(plain, key), key)).toBe(Buffer.from(plain).toString())
    }),
  )
})
