import { describe, expect, it } from 'vitest'
import { describeError, problemOf, RequestRefusedError } from '../../../examples/kit/problem.ts'
import { bearerOf } from '../../../examples/kit/token/bearer.ts'

const SECRET = 'Mira Vogel'

function serverError(code: string): Error {
  return Object.assign(new Error(`Key (name)=(${SECRET}) already exists.`), { code, detail: SECRET })
}

describe('a problem', () => {
  it.each([
    ['23505', 409],
    ['23503', 404],
    ['42501', 403],
    ['22P02', 400],
    ['22021', 400],
    ['22008', 400],
  ])('says nothing of what PostgreSQL said: %s', (code, status) => {
    const problem = problemOf(serverError(code))
    expect(problem).toMatchObject({ status, type: 'about:blank' })
    expect(JSON.stringify(problem)).not.toContain(SECRET)
  })

  it('has the words that were meant for whoever asked', () => {
    expect(problemOf(new RequestRefusedError(404, 'No such thing.'))).toMatchObject({
      status: 404,
      title: 'No such thing.',
    })
  })

  it('is none where the fault is ours', () => {
    expect(problemOf(new TypeError(SECRET))).toBe(undefined)
    expect(problemOf(serverError('XX000'))).toBe(undefined)
  })

  it('is logged by its kind, its code and its place', () => {
    const said = describeError(serverError('XX000'))
    expect(said).toMatchObject({
      name: 'Error',
      code: 'XX000',
      at: expect.stringContaining('problem.test.ts'),
    })
    expect(JSON.stringify(said)).not.toContain(SECRET)
  })
})

describe('a bearer token', () => {
  it('is what the header says, and nothing else is', () => {
    expect(bearerOf('Bearer a.b-c_d')).toBe('a.b-c_d')
    expect(bearerOf('bearer  abc=')).toBe('abc=')
    for (const none of [undefined, null, '', 'Bearer', 'Basic abc', 'Bearer a b', 'Bearer ü']) {
      expect(() => bearerOf(none)).toThrow(expect.objectContaining({ refusal: 'missing', status: 401 }))
    }
  })
})
