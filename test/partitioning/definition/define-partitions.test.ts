import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../../src/errors/config.ts'
import { definePartitions } from '../../../src/partitioning/definition/define-partitions.ts'
import type { PartitionOptions } from '../../../src/partitioning/definition/partition-options.ts'

const TABLE = { key: 'created_at', keyType: 'timestamptz', every: 'month' } as const
const OPTIONS: PartitionOptions = { tables: { audit_log: TABLE } }

/** Options of one table with some of them changed to what the types forbid. */
const withTable = (change: object): PartitionOptions => ({ tables: { audit_log: { ...TABLE, ...change } } })
const withOption = (change: object): PartitionOptions => ({ ...OPTIONS, ...change })

describe('definePartitions', () => {
  it('fills in what is not said', () => {
    expect(definePartitions(OPTIONS)).toEqual({
      schema: 'public',
      partsSchema: 'public_parts',
      detachedSchema: 'public_detached',
      tenantColumn: 'tenant_id',
      appRole: 'app',
      tables: [
        {
          name: 'audit_log',
          key: 'created_at',
          keyType: 'timestamptz',
          premake: 3,
          retainMonths: undefined,
          graceDays: 14,
          archive: undefined,
          minLeaves: 4,
          maxRetirePerRun: 1,
        },
      ],
    })
  })

  it('keeps what is said', () => {
    const archive = { format: 'parquet', sink: 's3://my-bucket/a/b' } as const
    const set = definePartitions({
      schema: 'events',
      partsSchema: 'p',
      detachedSchema: 'd',
      tenantColumn: 'clinic',
      appRole: 'web',
      tables: {
        'Odd "name"': {
          key: 'id',
          keyType: 'uuidv7',
          every: 'month',
          premake: 6,
          retain: { months: 84 },
          graceDays: 0,
          archive,
          minLeaves: 1,
          maxRetirePerRun: 12,
        },
        other: TABLE,
      },
    })
    expect(set).toMatchObject({
      schema: 'events',
      partsSchema: 'p',
      detachedSchema: 'd',
      tenantColumn: 'clinic',
      appRole: 'web',
    })
    expect(set.tables[0]).toEqual({
      name: 'Odd "name"',
      key: 'id',
      keyType: 'uuidv7',
      premake: 6,
      retainMonths: 84,
      graceDays: 0,
      archive,
      minLeaves: 1,
      maxRetirePerRun: 12,
    })
    expect(set.tables.map(({ name }) => name)).toEqual(['Odd "name"', 'other'])
  })

  it('cannot be changed afterwards, nor through what it was made of', () => {
    const archive = { format: 'parquet' as 'parquet' | 'ndjson.gz', sink: 'file:///a' }
    const set = definePartitions(withTable({ archive }))
    archive.format = 'ndjson.gz'
    expect(set.tables[0]?.archive?.format).toBe('parquet')
    for (const part of [set, set.tables, set.tables[0], set.tables[0]?.archive])
      expect(Object.isFrozen(part)).toBe(true)
  })

  it('takes each type of key, and each address of a sink', () => {
    for (const keyType of ['timestamptz', 'timestamp', 'date', 'uuidv7'] as const) {
      expect(definePartitions(withTable({ keyType })).tables[0]?.keyType).toBe(keyType)
    }
    for (const sink of ['file:///', 'file:///var/archive', 's3://abc', 's3://a.b-c/prefix/of/it']) {
      expect(
        definePartitions(withTable({ archive: { format: 'ndjson.gz', sink } })).tables[0]?.archive?.sink,
      ).toBe(sink)
    }
  })

  const archived = (change: object) =>
    withTable({ archive: { format: 'parquet', sink: 'file:///a', ...change } })
  const long = 'é'.repeat(32)

  it.each<[what: string, options: unknown, message: RegExp]>([
    ['nothing', undefined, /^options must be an object/],
    ['a list', [], /^options must be an object/],
    [
      'an option that there is none of',
      withOption({ premake: 3 }),
      /^options\.premake is no option\. There are: schema, /,
    ],
    ['no tables', {}, /^options\.tables must be an object/],
    ['an empty set of tables', { tables: {} }, /^options\.tables must be an object with a table in it/],
    ['a list of tables', { tables: ['audit_log'] }, /^options\.tables must be an object/],
    ['a schema that is no text', withOption({ schema: 7 }), /^options\.schema must be a name/],
    ['a schema without a name', withOption({ schema: '' }), /^options\.schema must be a name/],
    ['a name with a zero byte', withOption({ schema: 'a\0b' }), /^options\.schema must be a name/],
    [
      'a name of too many bytes',
      withOption({ partsSchema: long }),
      /^options\.partsSchema is "é+", which is longer than the 63 bytes/,
    ],
    [
      'a schema whose default names are too long',
      withOption({ schema: 'x'.repeat(60) }),
      /^options\.partsSchema is "x+_parts", which is longer/,
    ],
    [
      'a schema of PostgreSQL',
      withOption({ partsSchema: 'pg_parts' }),
      /^options\.partsSchema is "pg_parts", a name that/,
    ],
    [
      'a schema of leasehold',
      withOption({ detachedSchema: 'leasehold' }),
      /^options\.detachedSchema is "leasehold", a name that/,
    ],
    ['partitions where the application is', withOption({ partsSchema: 'public' }), /must be three schemas/],
    [
      'detached ones among the others',
      withOption({ detachedSchema: 'public_parts' }),
      /must be three schemas/,
    ],
    [
      'a tenant column that is no name',
      withOption({ tenantColumn: null }),
      /^options\.tenantColumn must be a name/,
    ],
    [
      'everybody for the application',
      withOption({ appRole: 'public' }),
      /^options\.appRole is "public", which is no role/,
    ],
    [
      'a table without options',
      { tables: { audit_log: null } },
      /^options\.tables\.audit_log must be an object with key, keyType and every/,
    ],
    ['a table without a name', { tables: { '': TABLE } }, /^A name in options\.tables must be a name/],
    [
      'a misspelt option of a table',
      withTable({ retention: 3 }),
      /^options\.tables\.audit_log\.retention is no option/,
    ],
    ['no key', withTable({ key: undefined }), /^options\.tables\.audit_log\.key must be a name/],
    [
      'a type that is none',
      withTable({ keyType: 'bigint' }),
      /keyType is "bigint", but must be one of timestamptz, timestamp, date, uuidv7/,
    ],
    ['days', withTable({ every: 'day' }), /every is "day", but must be "month"/],
    ['no month ahead', withTable({ premake: 0 }), /premake must be a whole number from 1 to 120/],
    ['half a month ahead', withTable({ premake: 1.5 }), /premake must be a whole number/],
    ['a number as text', withTable({ premake: '3' }), /premake must be a whole number/],
    ['far too many months ahead', withTable({ premake: 121 }), /premake must be a whole number/],
    ['months as a number', withTable({ retain: 84 }), /retain must be an object such as \{ months: 84 \}/],
    ['years', withTable({ retain: { years: 7 } }), /retain\.years is no option/],
    ['no months kept', withTable({ retain: { months: 0 } }), /retain\.months must be a whole number from 1/],
    ['nothing of what is kept', withTable({ retain: {} }), /retain\.months must be a whole number/],
    ['grace before its time', withTable({ graceDays: -1 }), /graceDays must be a whole number from 0/],
    [
      'grace without an end',
      withTable({ graceDays: Number.POSITIVE_INFINITY }),
      /graceDays must be a whole number/,
    ],
    ['no partition left', withTable({ minLeaves: 0 }), /minLeaves must be a whole number from 1/],
    [
      'none retired in a run',
      withTable({ maxRetirePerRun: 0 }),
      /maxRetirePerRun must be a whole number from 1/,
    ],
    [
      'an archive that is an address',
      withTable({ archive: 'file:///a' }),
      /archive must be an object with format and sink/,
    ],
    ['an archive with more to it', archived({ verify: true }), /archive\.verify is no option/],
    [
      'a format that there is none of',
      archived({ format: 'csv' }),
      /archive\.format is "csv", but must be one of ndjson\.gz, parquet/,
    ],
    [
      'a folder without its whole path',
      archived({ sink: 'file://archive' }),
      /archive\.sink must be file:\/\/\/folder or s3:/,
    ],
    ['a bucket that is none', archived({ sink: 's3://A_B/x' }), /archive\.sink must be/],
    ['another server', archived({ sink: 'https://bucket.example' }), /archive\.sink must be/],
  ])('refuses %s', (_, options, message) => {
    const define = () => definePartitions(options as PartitionOptions)
    expect(define).toThrow(ConfigError)
    expect(define).toThrow(message)
  })

  it('does not repeat an address that may hold a key', () => {
    expect(() => definePartitions(archived({ sink: 's3://key:secret@bucket/x' }))).toThrow(/^(?!.*secret)/)
    expect(() => definePartitions(archived({ sink: 'file:///a?key=secret' }))).toThrow(/^(?!.*secret)/)
  })
})
