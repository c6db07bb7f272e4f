import { describe, expect, it } from 'vitest'
import { EnvError } from '../../../examples/kit/env/env-error.ts'
import { readEnv } from '../../../examples/kit/env/read-env.ts'
import { variables } from '../../../examples/kit/env/variables.ts'

const { PORT, DATABASE_URL, REPLICA_URLS, TOKEN_KEY, POOL_MAX, REDIS_URL } = variables
const SHAPE = { PORT, DATABASE_URL, REPLICA_URLS, TOKEN_KEY, POOL_MAX, REDIS_URL }
const GOOD = { PORT: '8080', DATABASE_URL: 'postgres://app@127.0.0.1/clinic', TOKEN_KEY: 'k'.repeat(32) }

describe('the environment', () => {
  it('is read with its defaults: no replicas, no Redis, a pool of 2', () => {
    expect(readEnv(SHAPE, GOOD)).toEqual({ ...GOOD, PORT: 8080, REPLICA_URLS: [], POOL_MAX: 2 })
  })

  it('takes what is set to nothing for not set', () => {
    expect(readEnv(SHAPE, { ...GOOD, REPLICA_URLS: '', REDIS_URL: '', POOL_MAX: '' })).toEqual(
      readEnv(SHAPE, GOOD),
    )
  })

  it('names replicas', () => {
    const { REPLICA_URLS: replicas } = readEnv(SHAPE, {
      ...GOOD,
      REPLICA_URLS: 'r1=postgres://a/x?a=b, r2=postgres://b/x',
    })
    expect(replicas).toEqual([
      { id: 'r1', connectionString: 'postgres://a/x?a=b' },
      { id: 'r2', connectionString: 'postgres://b/x' },
    ])
  })

  it('is refused as a whole, by the names of what is wrong and no value', () => {
    const secret = 'hunter2'
    const wrong = {
      PORT: secret,
      DATABASE_URL: secret,
      REPLICA_URLS: `r1=${secret}`,
      POOL_MAX: secret,
      REDIS_URL: secret,
    }
    const refused = () => readEnv(SHAPE, wrong)
    expect(refused).toThrow(EnvError)
    expect(refused).toThrow(expect.objectContaining({ variables: [...Object.keys(SHAPE)] }))
    expect(refused).toThrow(/TOKEN_KEY: it is not set/)
    expect(refused).not.toThrow(new RegExp(secret))
  })
})
