import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quote, redact } from './redact.ts'

it('hides secrets at any depth, shortens long texts, and leaves the rest alone', () => {
  const shown = redact({
    access_token: 's3cret',
    nested: [{ Authorization: 'Bearer s3cret', cookies: 's3cret', user_id: 1, ok: true, none: null }],
    file: `base64://${'A'.repeat(5000)}`,
    bytes: new Uint8Array(3),
    text: 'hello',
    key: 'value',
  })
  expect(shown).toEqual({
    access_token: '<redacted>',
    nested: [{ Authorization: '<redacted>', cookies: '<redacted>', user_id: 1, ok: true, none: null }],
    file: `base64://${'A'.repeat(31)}… <5009 characters>`,
    bytes: '<3 bytes>',
    text: 'hello',
    key: 'value',
  })
})

it.each([
  'token',
  'Token',
  'apiKey',
  'X-API-Key',
  'appSecret',
  'verify_token',
  'encryptKey',
  'PASSWD',
  'rkey',
])('knows the name %s for a secret', (name) => {
  expect(redact({ [name]: 's3cret' })).toEqual({ [name]: '<redacted>' })
})

describe('secrets inside of texts', () => {
  it.each([
    ['the query of an address', 'wss://h/ws?access_token=s3cret&v=11'],
    ['an encoded query', 'see https://h/login?to=https%3A%2F%2Fg%2F%3Faccess_token%3Ds3cret'],
    ['a query that is encoded twice', 'to%253Dx%2526token%253Ds3cret'],
    ['JSON', '{"retcode":1403,"token": "s3cret","x":1}'],
    ['JSON inside of JSON', JSON.stringify({ body: JSON.stringify({ token: 's3cret' }) })],
    [
      'JSON inside of JSON inside of JSON',
      JSON.stringify(JSON.stringify(JSON.stringify({ token: 's3cret' }))),
    ],
    ['a form', 'user=a&password=s3cret'],
    ['a header', 'Authorization: Bearer s3cret'],
    ['a header in words', 'sent Bearer s3cret-s3cret to it'],
    ['a header of a bot', 'sent Bot 1/MTAyMzQ=/s3crets3crets3cret to it'],
    ['the user of an address', 'ws://bot:s3cret@host/'],
  ])('are hidden in %s', (_name, text) => {
    expect(quote(text)).not.toContain('s3cret')
    expect(JSON.stringify(redact({ field: [text] }))).not.toContain('s3cret')
    expect(JSON.stringify(redact(new Error(text)))).not.toContain('s3cret')
  })

  it('are hidden in an address', () => {
    expect(redact(new URL('http://u:s3cret@h/a?token=s3cret'))).toBe('http://h/a')
  })

  it('do not take ordinary words along', () => {
    const text = 'Bot permission denied: retcode 1404, group 10001 is muted; ask its owner'
    expect(quote(text)).toBe(text)
  })

  it('stay hidden whatever stands around them', () => {
    const around = fc.string({ unit: fc.constantFrom(...Array.from(' ?&"\\{}[]:,;x')), maxLength: 30 })
    fc.assert(
      fc.property(around, around, (before, after) => {
        expect(quote(`${before}&access_token=s3cret ${after}`)).not.toContain('s3cret')
      }),
    )
  })
})

it('shows no more of deep, wide and endless values than a log can hold', () => {
  let deep: unknown = 'end'
  for (let depth = 0; depth < 200_000; depth += 1) deep = [deep]
  const endless: Record<string, unknown> = {}
  endless['self'] = endless
  const wide = Array.from({ length: 100_000 }, (_, index) => index)
  const size = (value: unknown): number => JSON.stringify(redact(value)).length
  expect(size(deep)).toBeLessThan(100)
  expect(size(endless)).toBeLessThan(200)
  expect(size(wide)).toBeLessThan(1000)
  expect(size(Object.fromEntries(wide.map((item) => [`k${item}`, item])))).toBeLessThan(2000)
})

it('quotes what a peer wrote on one short line', () => {
  expect(quote('a\r\nb\u001B[2J\u202E c')).toBe('a b [2J c')
  expect(quote({ message: 'no', token: 's3cret' })).toBe('{"message":"no","token":"<redacted>"}')
  expect(quote(undefined)).toBe('nothing')
  expect(quote('x'.repeat(1000))).toHaveLength(201)
})

it('takes time only for what it shows', () => {
  const worst = [
    'token'.repeat(100_000),
    '://'.repeat(100_000),
    '{"a":'.repeat(100_000),
    '\\'.repeat(500_000),
  ]
  const begun = performance.now()
  for (const text of worst) {
    quote(text)
    redact({ text })
  }
  expect(performance.now() - begun).toBeLessThan(300)
})
