import { TENANT_A, TENANT_B } from '../../../support/notes.ts'

const TENANT = "(select nullif(current_setting('app.tenant_id', true), '')::uuid)"

/** Row security and policies as they should be, on a table that has the tenant column. */
export function protect(table: string, tenant = 'tenant_id'): string {
  return `
    alter table ${table} enable row level security, force row level security;
    create policy tenant on ${table} to app using (${tenant} = ${TENANT});
    create policy tenant_floor on ${table} as restrictive to public using (${tenant} = ${TENANT});`
}

/** A table as it should be, with two rows of each tenant. */
export function rightTable(table: string, columns: string, values: string): string {
  return `
    create table ${table} (
      tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
      id uuid not null default gen_random_uuid(), ${columns}, primary key (tenant_id, id)
    );
    ${protect(table)}
    insert into ${table} select tenant, gen_random_uuid(), ${values}
    from unnest(array['${TENANT_A}', '${TENANT_B}']::uuid[]) as tenant, generate_series(1, 2) as n;
    grant select, insert, delete on ${table} to app;`
}

/** Two tables of a clinic, of which the one refers to the other within the tenant. Nothing is wrong. */
export const CLINIC = `
  do $$ begin execute format('revoke temporary, create on database %I from public', current_database()); end $$;
  revoke create on schema public from public;
  ${rightTable('patients', 'name text not null, number int', "'patient ' || n || tenant, n")}
  grant update (name, number) on patients to app;
  create table visits (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
    id uuid not null default gen_random_uuid(), patient_id uuid not null, minutes int not null check (minutes > 0),
    primary key (tenant_id, id), foreign key (tenant_id, patient_id) references patients (tenant_id, id)
  );
  ${protect('visits')}
  insert into visits (tenant_id, patient_id, minutes) select tenant_id, id, 15 from patients;
  grant select, insert, delete, update (minutes) on visits to app;
`
