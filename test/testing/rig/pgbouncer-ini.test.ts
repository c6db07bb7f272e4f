import { describe, expect, it } from 'vitest'
import { pgbouncerIni, pgbouncerUsers } from '../../../src/testing/rig/pgbouncer-ini.ts'

const plain = {
  host: '127.0.0.1',
  port: 6432,
  target: { host: '127.0.0.1', port: 5432 },
  authFile: '/rig/users.txt',
  databases: {},
  settings: {},
}

describe('the text of pgbouncer.ini', () => {
  it('leads every database to the target, named ones first', () => {
    const ini = pgbouncerIni({ ...plain, databases: { small: 'dbname=clinic pool_size=1' } })
    expect(ini).toContain(
      '[databases]\nsmall = host=127.0.0.1 port=5432 dbname=clinic pool_size=1\n* = host=127.0.0.1 port=5432\n[pgbouncer]\n',
    )
  })

  it('lets given settings prevail', () => {
    const ini = pgbouncerIni({ ...plain, settings: { server_login_retry: 7, query_timeout: 3 } })
    expect(ini.match(/server_login_retry/g)).toHaveLength(1)
    expect(ini).toContain('\nserver_login_retry = 7\n')
    expect(ini).toContain('\nquery_timeout = 3\n')
  })

  it('refuses a line break anywhere', () => {
    expect(() => pgbouncerIni({ ...plain, settings: { a: 'b\nlisten_addr = *' } })).toThrow('line break')
    expect(() => pgbouncerIni({ ...plain, databases: { 'a\nb': '' } })).toThrow('line break')
    expect(() => pgbouncerUsers(['a\nb'])).toThrow('line break')
  })

  it('doubles the quotes of a user name', () => {
    expect(pgbouncerUsers(['app', 'the "one"'])).toBe('"app" ""\n"the ""one""" ""\n')
  })
})
