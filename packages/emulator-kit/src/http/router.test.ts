import { describe, expect, it } from 'vitest'

import { Router } from './router.ts'

const router = new Router({ 'GET /teas/{id}': 1, 'GET /teas/@best': 2, 'POST /teas': 3, 'GET teapot': 4 })

describe('a request', () => {
  it.each([
    ['GET', '/teas/oo%20long', { endpoint: 1, params: { id: 'oo long' } }],
    ['GET', '/teas/@best', { endpoint: 2, params: {} }],
    ['POST', '/teas', { endpoint: 3, params: {} }],
    ['GET', '/teapot', { endpoint: 4, params: {} }],
  ])('%s %s is led to its endpoint', (method, path, expected) => {
    const match = router.match(method, path)
    if (match.route === undefined) throw new TypeError(`nothing is there: ${match.status}`)
    expect({ endpoint: match.route.endpoint, params: match.params }).toEqual(expected)
  })

  it.each([
    ['GET', '/coffees', 404],
    ['DELETE', '/teas', 405],
  ])('%s %s is led nowhere', (method, path, status) => {
    expect(router.match(method, path)).toEqual({ status })
  })
})

describe('what a test calls a route', () => {
  it.each([
    ['*', 'GET /anything', true],
    ['POST /teas', 'POST /teas', true],
    ['post teas', 'POST /teas', true],
    ['/teas/{id}', 'GET /teas/{id}', true],
    ['teapot', 'GET /teapot', true],
    ['teapot', 'POST /teas', false],
    ['teapot', undefined, false],
  ])('%s, means %s: %s', (selector, name, isMeant) => {
    expect(router.select(selector)(name)).toBe(isMeant)
  })

  it('has to be one that there is', () => {
    expect(() => router.select('GET /teas/{name}')).toThrow(
      /no endpoint "GET .*Near ones: .*GET \/teas\/\{id\}/,
    )
  })
})
