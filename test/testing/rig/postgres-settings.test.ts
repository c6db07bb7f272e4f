import { describe, expect, it } from 'vitest'
import { baseSettings, postgresConf } from '../../../src/testing/rig/postgres-settings.ts'

describe('the text of postgresql.conf', () => {
  it('lets the later layer hold', () => {
    expect(postgresConf({ port: 1, fsync: 'off' }, { port: 2 })).toBe("port = '2'\nfsync = 'off'\n")
  })

  it('quotes values so that they reach the server as they are', () => {
    expect(postgresConf({ log_line_prefix: "it's a \\n " })).toBe("log_line_prefix = 'it''s a \\\\n '\n")
  })

  it('takes settings of extensions', () => {
    expect(postgresConf({ 'pg_stat_statements.max': 100 })).toBe("pg_stat_statements.max = '100'\n")
  })

  it.each(['', 'a b', 'fsync = off\nport', '1a', 'a.b.c'])('refuses %j as a name', (name) => {
    expect(() => postgresConf({ [name]: 'on' })).toThrow('is no name of a PostgreSQL setting')
  })

  it('refuses a value with a line break', () => {
    expect(() => postgresConf({ search_path: "a'\nport = 1" })).toThrow('line break')
  })

  it('opens no socket but on 127.0.0.1', () => {
    const { listen_addresses, unix_socket_directories } = baseSettings
    expect({ listen_addresses, unix_socket_directories }).toEqual({
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
    })
  })
})
