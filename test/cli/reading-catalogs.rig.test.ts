import { describe, expect, it } from 'vitest'
import { readingCatalogs } from '../../src/cli/connection/reading-catalogs.ts'
import { CliDatabase } from './cli-database.ts'

describe('catalogs are read', () => {
  it('in a transaction that can write nothing, and that is over afterwards', async () => {
    await using database = await CliDatabase.create('create table visits (id int)')
    const { admin } = database
    const writing = readingCatalogs(admin, () => admin.query('insert into visits values (1)'))
    await expect(writing).rejects.toMatchObject({ code: '25006' })
    const { rows } = await admin.query(
      'select count(*)::int as n, now() = statement_timestamp() as alone from visits',
    )
    expect(rows).toEqual([{ n: 0, alone: true }])
  })

  it('as they are at one moment, within limits of time', async () => {
    await using database = await CliDatabase.create()
    const { admin } = database
    const { rows } = await readingCatalogs(admin, () =>
      admin.query(`select name, setting from pg_settings
        where name in ('transaction_isolation', 'statement_timeout', 'lock_timeout') order by name`),
    )
    expect(rows).toEqual([
      { name: 'lock_timeout', setting: '5000' },
      { name: 'statement_timeout', setting: '60000' },
      { name: 'transaction_isolation', setting: 'repeatable read' },
    ])
    expect((await admin.query('show statement_timeout')).rows).toEqual([{ statement_timeout: '0' }])
  })
})
