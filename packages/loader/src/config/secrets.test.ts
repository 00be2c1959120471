import { describe, expect, it } from 'vitest'

import { secretsOfAddresses, secretsOfEnvironment } from './secrets.ts'

describe('secrets of the environment', () => {
  it.each(['ONEBOT_TOKEN', 'MY_PASS', 'DB_PASSWORD', 'API_KEY', 'encryptKey', 'AWS_SECRET', 'BASIC_AUTH'])(
    'are values whose name says so: %s',
    (name) => {
      expect(secretsOfEnvironment({ [name]: 'hush-hush' }, [name])).toEqual(['hush-hush'])
    },
  )

  it.each(['MONKEY', 'GIT_AUTHOR', 'COMPASS', 'NAME'])('are not other values: %s', (name) => {
    expect(secretsOfEnvironment({ [name]: 'plain' }, [name])).toEqual([])
  })

  it.each(['true', 'no', '1234', ''])('are not words that stand in every line: %j', (value) => {
    expect(secretsOfEnvironment({ TOKEN: value }, ['TOKEN'])).not.toContain('true')
    expect(secretsOfEnvironment({ TOKEN: value }, ['TOKEN']).filter(Boolean)).toEqual([])
  })

  it('are what is secret in an address, whatever its name', () => {
    const environment = {
      DB_URL: 'postgres://bot:p%40ss@db:5432/bot',
      ONEBOT_URL: 'ws://h/?access_token=abcd',
    }
    expect(secretsOfEnvironment(environment, ['DB_URL', 'ONEBOT_URL'])).toEqual(['p%40ss', 'p@ss', 'abcd'])
  })
})

it('secrets of addresses are found however deep they are', () => {
  const value = {
    a: [{ url: 'https://user:word@host/x' }],
    b: 'http://h/?key=k-1&page=2#token=x',
    c: 'http://h/',
  }
  expect(secretsOfAddresses(value)).toEqual(['word', 'k-1'])
})
