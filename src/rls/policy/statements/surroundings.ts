import { quoteText } from '../../sql/quote.ts'
import type { ChosenTables } from '../choose-tables.ts'
import type { Grant, SchemaDescription } from '../describe/schema-description.ts'
import { block } from '../guarded.ts'
import { type PolicyStatement, policyStatement } from '../policy-statement.ts'

/** What the application may do around the tables. */
export function surroundings(schema: SchemaDescription, chosen: ChosenTables): readonly PolicyStatement[] {
  return [
    ...databasePrivileges(schema),
    ...schema.schemas.flatMap(({ name, ident, grants }) =>
      holders(grants, ['CREATE']).map((grantee) =>
        policyStatement(
          {
            object: name,
            purpose: 'What the application made there could stand in for a table or a function of that name.',
          },
          `revoke create on schema ${ident} from ${grantee};`,
        ),
      ),
    ),
    ...schema.defaultPrivileges.map(({ ownerIdent, schemaIdent, grantee }) =>
      policyStatement(
        {
          object: schema.role.name,
          purpose:
            'A table, and the next month’s partition, would be born open, before its policies are there.',
        },
        `alter default privileges for role ${ownerIdent}${schemaIdent ? ` in schema ${schemaIdent}` : ''}\n  revoke all on tables from ${grantee};`,
      ),
    ),
    ...usage(schema, chosen),
  ]
}

/** The database is named when it runs, as the same migration is for databases of several names. */
function databasePrivileges({ database }: SchemaDescription): PolicyStatement[] {
  const purpose =
    'A temporary table stands in for the real one of that name, and a pooler hands the session that holds it to the next tenant.'
  return holders(database.grants, ['TEMPORARY', 'CREATE']).map((grantee) => {
    const lost = database.grants
      .filter((grant) => grant.grantee === grantee && ['TEMPORARY', 'CREATE'].includes(grant.privilege))
      .map(({ privilege }) => privilege.toLowerCase())
    const revoke = `revoke ${lost.join(', ')} on database %I from ${grantee.replaceAll('%', '%%')}`
    const sql = block(`execute format(${quoteText(revoke)}, current_database());`)
    return policyStatement({ object: database.name, purpose }, sql)
  })
}

function usage({ role, schemas }: SchemaDescription, { tenants, shared }: ChosenTables): PolicyStatement[] {
  const reached = new Set([
    ...tenants.map(({ table }) => table.schema),
    ...shared.map((table) => table.schema),
  ])
  return schemas
    .filter(({ name, usable }) => reached.has(name) && !usable)
    .map(({ name, ident }) =>
      policyStatement(
        { object: name, purpose: 'The application reaches the tables in it.' },
        `grant usage on schema ${ident} to ${role.ident};`,
      ),
    )
}

function holders(grants: readonly Grant[], privileges: readonly string[]): readonly string[] {
  return [
    ...new Set(
      grants.filter(({ privilege }) => privileges.includes(privilege)).map(({ grantee }) => grantee),
    ),
  ]
}
