import { documentOf, TENANT } from './document.ts'

/** Documents with ids from 1 to this are there. */
export const DOCUMENTS = 4_096

/** One table with the canonical policy, and documents of one tenant. */
export function schemaStatements(): readonly {
  readonly text: string
  readonly values?: readonly unknown[]
}[] {
  const ids = Array.from({ length: DOCUMENTS }, (_, index) => index + 1)
  return [
    { text: 'create role app login' },
    {
      text: 'create table documents (tenant_id uuid not null, id int not null, body json not null, primary key (tenant_id, id))',
    },
    {
      text: `insert into documents select '${TENANT}', (body ->> 'id')::int, body from unnest($1::json[]) as body`,
      values: [ids.map((id) => JSON.stringify(documentOf(id)))],
    },
    { text: 'alter table documents enable row level security' },
    { text: 'alter table documents force row level security' },
    {
      text: "create policy tenant on documents to app using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))",
    },
    { text: 'grant select on documents to app' },
    { text: 'analyze documents' },
  ]
}
