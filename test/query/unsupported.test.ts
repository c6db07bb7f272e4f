import { Kysely, QueryCreator, Transaction } from 'kysely'
import { describe, expect, it } from 'vitest'
import { ConfigError, createLeasehold, LeaseholdError, UnsupportedError } from '../../src/index.ts'
import { TENANT_A } from '../support/notes.ts'
import type { NotesDatabase } from './notes-database.ts'

/** Nothing listens there, so whatever is sent ends in a ConnectError. */
const db = createLeasehold<NotesDatabase>({ primary: { host: '127.0.0.1', port: 1 } })
const handle = db.tenant(TENANT_A)

describe('a tenant handle', () => {
  it.each<[string, () => unknown]>([
    ['startTransaction()', () => handle.startTransaction()],
    ['connection()', () => handle.connection()],
    ['destroy()', () => handle.destroy()],
    ['its asyncDispose', () => handle[Symbol.asyncDispose]()],
    ['the isolation level snapshot', () => handle.transaction().setIsolationLevel('snapshot')],
  ])('refuses %s, and says what to use instead', (_name, call) => {
    expect(call).toThrow(UnsupportedError)
    expect(call).toThrow(/is not supported on a tenant's handle, and nothing was sent\. \w.*\.$/)
    expect(call).toThrow(expect.objectContaining({ code: 'LSH_ERR_UNSUPPORTED', retryable: false }))
    expect(call).toThrow(LeaseholdError)
  })

  it('refuses to stream, which would hold a connection', async () => {
    const stream = handle.selectFrom('notes').selectAll().stream()
    await expect(stream.next()).rejects.toThrow(UnsupportedError)
  })

  it.each(['cancel query', 'kill session'] as const)(
    'refuses to %s by a session that it does not have',
    async (strategy) => {
      const query = handle.selectFrom('notes').selectAll()
      const options = { signal: new AbortController().signal, inflightQueryAbortStrategy: strategy }
      await expect(query.execute(options)).rejects.toThrow(UnsupportedError)
    },
  )

  it('sends nothing when the signal has been aborted', async () => {
    const reason = new Error('the caller has left')
    const query = handle.selectFrom('notes').selectAll()
    await expect(query.execute({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })

  it('cannot be made to write when it is read only', () => {
    const reading = db.tenant(TENANT_A, { readOnly: true })
    const readWrite = 'read write' as 'read only'
    expect(() => reading.transaction().setAccessMode(readWrite)).toThrow(UnsupportedError)
    expect(() => handle.transaction().setAccessMode('neither' as 'read only')).toThrow(ConfigError)
  })

  it('overrides every method of the Kysely that was read by which a connection could be had', () => {
    const known = [
      ...[
        '$extendTables',
        '$omitTables',
        '$pickTables',
        'case',
        'connection',
        'constructor',
        'destroy',
        'dynamic',
      ],
      ...[
        'executeQuery',
        'fn',
        'getExecutor',
        'introspection',
        'isTransaction',
        'schema',
        'startTransaction',
      ],
      ...['transaction', 'withPlugin', 'withSchema', 'withTables', 'withoutPlugins'],
    ]
    const creators = [
      ...[
        'constructor',
        'deleteFrom',
        'insertInto',
        'mergeInto',
        'replaceInto',
        'selectFrom',
        'selectNoFrom',
      ],
      ...['updateTable', 'with', 'withPlugin', 'withRecursive', 'withSchema', 'withoutPlugins'],
    ]
    const names = (type: { readonly prototype: object }) => Object.getOwnPropertyNames(type.prototype).sort()
    expect(names(Kysely)).toEqual(known.sort())
    expect(names(QueryCreator)).toEqual(creators.sort())
    expect(known).toEqual(expect.arrayContaining(names(Transaction)))
  })
})

describe('the options for Kysely', () => {
  it.each([{ plugins: 'camel' }, { log: 'query' }])('may not be %o', (kysely) => {
    const options = { primary: {}, kysely: kysely as never }
    expect(() => createLeasehold(options)).toThrow(ConfigError)
  })
})
