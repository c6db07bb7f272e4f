import { describe, expect, it } from 'vitest'
import { examine } from './program.ts'

describe('a query past withTenant', () => {
  it('is one on a pool or a client that pg made', async () => {
    const found = await examine({
      'a.ts': [
        "import pg, { Pool as P } from 'pg'",
        'const pool = new P()',
        'export const other = new pg.Pool({ max: 1 })',
        'pool.query("select 1")',
        'await other?.query("select 1")',
        'const client = await pool.connect()',
        'client.query("select 1")',
        'await (await pool.connect()).query("select 1")',
        'new pg.Client().query("select 1")',
        'const { Client } = pg',
        'let late; late = new Client()',
        'const made = process.env.X ? new Client() : undefined',
        'made!.query("select 1")',
      ].join('\n'),
    })
    expect(found).toEqual([
      'a.ts:4 unscoped-query pool',
      'a.ts:5 unscoped-query pool',
      'a.ts:7 unscoped-query client',
      'a.ts:8 unscoped-query client',
      'a.ts:9 unscoped-query client',
      'a.ts:13 unscoped-query client',
    ])
  })

  it('is one on what a type of pg says it is', async () => {
    const found = await examine({
      'a.ts': [
        "import type { Pool, PoolClient } from 'pg'",
        "import type * as pg from 'pg'",
        'export const a = (pool: Pool) => pool.query("select 1")',
        'export function b(client: PoolClient | undefined) { return client?.query("select 1") }',
        'export class C {',
        '  #pool: pg.Pool',
        '  constructor(pool: pg.Pool, private readonly client: pg.ClientBase) { this.#pool = pool }',
        '  run() { return [this.#pool.query("select 1"), this.client.query("select 1")] }',
        '}',
      ].join('\n'),
    })
    expect(found).toEqual([
      'a.ts:3 unscoped-query pool',
      'a.ts:4 unscoped-query client',
      'a.ts:8 unscoped-query pool',
      'a.ts:8 unscoped-query client',
    ])
  })

  it('is one on the pool of another file, by whatever way it comes', async () => {
    const found = await examine({
      'src/db/index.ts': "import { Pool } from 'pg'\nexport const pool = new Pool()\nexport default pool\n",
      'src/again.ts':
        "export * from './nothing.js'\nexport { pool as db } from './db/index.js'\nexport * from './db'\n",
      'src/nothing.ts': 'export const nothing = 1\n',
      'src/a.ts': "import { pool } from './db/index.js'\nawait pool.query('select 1')\n",
      'src/b.ts': "import pool from './db'\nawait pool.query('select 1')\n",
      'src/c.ts':
        "import { db, pool } from './again.js'\nawait db.query('select 1')\nawait pool.query('select 1')\n",
      'src/d.ts': "import * as db from '../src/db/index.ts'\nawait db.pool.query('select 1')\n",
      'src/e.ts': "const { pool } = await import('./db/index.js')\nawait pool.query('select 1')\n",
    })
    expect(found).toEqual([
      'src/a.ts:2 unscoped-query pool',
      'src/b.ts:2 unscoped-query pool',
      'src/c.ts:2 unscoped-query pool',
      'src/c.ts:3 unscoped-query pool',
      'src/d.ts:2 unscoped-query pool',
      'src/e.ts:2 unscoped-query pool',
    ])
  })

  it('is one in CommonJS', async () => {
    const found = await examine({
      'db.js':
        "const { Pool } = require('pg')\nconst pool = new Pool()\nmodule.exports = { pool, client: new (require('pg').Client)() }\n",
      'one.js': "const Pool = require('pg-pool')\nmodule.exports = new Pool()\n",
      'named.js': "const pg = require('pg')\nexports.pool = new pg.Pool()\n",
      'a.js': "const { pool, client: c } = require('./db')\npool.query('select 1')\nc.query('select 1')\n",
      'b.js': "require('./one').query('select 1')\nrequire('./named').pool.query('select 1')\n",
    })
    expect(found).toEqual([
      'a.js:2 unscoped-query pool',
      'a.js:3 unscoped-query client',
      'b.js:1 unscoped-query pool',
      'b.js:2 unscoped-query pool',
    ])
  })

  it('is none on a transaction, on another library, or on a name that only looks the same', async () => {
    const found = await examine({
      'a.ts': [
        "import { Pool } from 'pg'",
        "import { withTenant } from 'leasehold'",
        "import mysql from 'mysql2'",
        'const pool = new Pool()',
        'await withTenant(pool, "x", (tx) => tx.query("select 1"))',
        'mysql.createPool({}).query("select 1")',
        'export const f = (pool: { query(text: string): void }) => pool.query("select 1")',
        'export function g() { const pool = mysql.createPool({}); return pool.query("select 1") }',
        'for (const pool of []) pool.query("select 1")',
        'try { pool.end() } catch (pool) { pool.query("select 1") }',
        'class Pools { pool = mysql.createPool({}); run() { return this.pool.query("select 1") } }',
        'export const h = ({ pool }, [client]) => [pool.query("select 1"), client.query("select 1")]',
        'pool.on("error", () => {})',
        'new URL("http://x").searchParams.query',
      ].join('\n'),
      'b.ts':
        "import { pool } from './c.js'\nimport { x } from './missing.js'\npool.query(''); x.query('')\n",
      'c.ts': "import { pool as b } from './d.js'\nexport { b as pool }\n",
      'd.ts': "export { pool } from './c.js'\n",
    })
    expect(found).toEqual([])
  })
})
