import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { secretsEqual, verifyHmacSha1 } from './verify.ts'

it.each([
  ['token', 'token', true],
  ['Token', 'token', false],
  ['tok', 'token', false],
  ['', 'token', false],
  [undefined, '', false],
  ['', '', true],
  ['密钥', Buffer.from('密钥'), true],
  [new Uint8Array([1, 2]), new Uint8Array([1, 3]), false],
])('compares %j with %j', (actual, expected, equal) => {
  expect(secretsEqual(actual, expected)).toBe(equal)
})

describe('the header of an HMAC-SHA1', () => {
  const body = Buffer.from([0x7b, 0xe4, 0xbd, 0xa0, 0xff, 0x7d])
  const digest = createHmac('sha1', 's3cret').update(body).digest('hex')

  it('matches the example of RFC 2202', () => {
    const header = 'sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79'
    expect(verifyHmacSha1(header, 'Jefe', Buffer.from('what do ya want for nothing?'))).toBe(true)
  })

  it.each([
    [`sha1=${digest}`, true],
    [` sha1=${digest.toUpperCase()} `, true],
    [digest, false],
    [`sha256=${digest}`, false],
    [`sha1=${digest}00`, false],
    [`sha1=${digest.slice(2)}`, false],
    [`sha1=${'0'.repeat(40)}`, false],
    ['sha1=', false],
    ['', false],
    [undefined, false],
  ])('%j is accepted: %s', (header, valid) => {
    expect(verifyHmacSha1(header, 's3cret', body)).toBe(valid)
  })

  it('depends on every byte and on the secret', () => {
    expect(verifyHmacSha1(`sha1=${digest}`, 's3cret', Buffer.from(body.toString()))).toBe(false)
    expect(verifyHmacSha1(`sha1=${digest}`, 'other', body)).toBe(false)
  })
})
