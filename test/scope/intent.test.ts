import { describe, expect, it } from 'vitest'
import { intentOf } from '../../src/scope/intent.ts'

describe('what a method means to do', () => {
  it.each(['GET', 'HEAD', 'QUERY'])('is to read for %s', (method) => {
    expect(intentOf(method)).toBe('read')
  })

  it.each(['OPTIONS', 'TRACE'])('is nothing for %s', (method) => {
    expect(intentOf(method)).toBe('none')
  })

  it.each([undefined, 'POST', 'PUT', 'PATCH', 'DELETE', 'options', 'get', 'GET ', 'PURGE', ''])(
    'is to write for %j',
    (method) => {
      expect(intentOf(method)).toBe('write')
    },
  )
})
