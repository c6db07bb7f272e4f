import { expect, it } from 'vitest'
import { quoteName } from '../../../src/rls/sql/quote.ts'
import { TENANT_A, TENANT_B } from '../../support/notes.ts'
import { Roles } from '../verify/roles.ts'
import { leaks, ProbeDatabase } from './support/probe-database.ts'

/** As long as PostgreSQL keeps it, with all that could end a quoted name, a literal or a line. */
function hostile(start: string, bytes = 63): string {
  const name = `${start}"';drop table patients;--\\ $1%s\n\u202e`
  return name + 'é'.repeat((bytes - Buffer.byteLength(name)) / 2)
}

it('reaches what has hostile names, as a role with one, and breaks out of none', async () => {
  const [space, table, parent, tenant, id, word, index, view, called] = [
    'space',
    'table',
    'parent',
    'tenant',
    'id',
    'word',
    'index',
    'view',
    'called',
  ].map((name) => hostile(name)) as [string, string, string, string, string, string, string, string, string]
  const q = quoteName
  await using database = await ProbeDatabase.open()
  await using roles = new Roles(database.target)
  const role = await roles.create('login', hostile('r', 45))
  const setting = 'app.tenant_id'
  const policy = (on: string) => `alter table ${on} enable row level security, force row level security;
    create policy ${q(word)} on ${on} to ${q(role)} using (${q(tenant)} = (select nullif(current_setting('${setting}', true), '')));
    create policy ${q(index)} on ${on} for update to ${q(role)} using (true);`
  const schema = q(space)
  await database.run(`
    create schema ${schema}; grant usage on schema ${schema} to ${q(role)};
    create domain ${schema}.${q(word)} as text;
    create type ${schema}.${q(index)} as enum (${`'${word.replaceAll("'", "''")}'`});
    create table ${schema}.${q(parent)} (${q(tenant)} text not null, ${q(id)} ${schema}.${q(word)} primary key);
    create table ${schema}.${q(table)} (${q(tenant)} text not null, ${q(id)} ${schema}.${q(word)}, ${q(word)} ${schema}.${q(index)}, "?column?" int[],
      source int, target int, "null" text collate "C", primary key (${q(tenant)}, ${q(id)}), constraint ${q(parent)} foreign key (${q(id)}) references ${schema}.${q(parent)});
    create unique index ${q(index)} on ${schema}.${q(table)} ((${q(id)} || 'x'), "null") where ${q(id)} <> ${`'${word.replaceAll("'", "''")}'`};
    insert into ${schema}.${q(parent)} values ('${TENANT_A}', 'a'), ('${TENANT_B}', E'b\\'"\\\\{},');
    insert into ${schema}.${q(table)} select ${q(tenant)}, ${q(id)}, ${`'${word.replaceAll("'", "''")}'`}, '{1,null}', 1, 2, E'\\\\"{NULL},' from ${schema}.${q(parent)};
    ${policy(`${schema}.${q(parent)}`)} ${policy(`${schema}.${q(table)}`)}
    create view ${schema}.${q(view)} as select ${q(id)} as ${q(word)} from ${schema}.${q(table)};
    create function ${schema}.${q(called)}(${q(tenant)} text) returns setof ${schema}.${q(table)} language sql security definer
      as $body$ select * from ${schema}.${q(table)} $body$;
    grant select, insert, update, delete on ${schema}.${q(table)}, ${schema}.${q(parent)}, ${schema}.${q(view)} to ${q(role)};
  `)
  const findings = await database.probe({ tenantColumn: tenant }, role)
  expect(findings.filter(({ rule }) => rule === 'probe-incomplete')).toEqual([])
  expect(leaks(findings)).toEqual(
    [
      `probe-conflict ${space}.${parent}`,
      `probe-conflict ${space}.${table}`,
      `probe-foreign-key ${space}.${table}`,
      `probe-function ${space}.${called}`,
      `probe-hidden-tenant ${space}.${view}`,
      `probe-write ${space}.${parent}`,
      `probe-write ${space}.${table}`,
      `probe-write ${space}.${view}`,
    ].sort(),
  )
  const [left] = await database.run<{ n: number }>(`select count(*)::int as n from patients`)
  expect(left?.n).toBe(4)
})
