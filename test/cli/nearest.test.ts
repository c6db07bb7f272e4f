import { describe, expect, it } from 'vitest'
import { nearest } from '../../src/cli/nearest.ts'

const KEYS = ['shared', 'settings', 'tenantColumn', 'tenantColumns', 'sources']

describe('the nearest word', () => {
  it.each([
    ['share', 'shared'],
    ['Shared', 'shared'],
    ['setings', 'settings'],
    ['tenant-column', 'tenantColumn'],
    ['tennantColumns', 'tenantColumns'],
    ['source', 'sources'],
  ])('to %s is %s', (word, expected) => {
    expect(nearest(word, KEYS)).toBe(expected)
  })

  it.each(['', 'x', 'database', 'url'])('to %j is none', (word) => {
    expect(nearest(word, KEYS)).toBeUndefined()
  })
})
