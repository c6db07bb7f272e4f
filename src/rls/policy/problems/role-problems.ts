import type { ChosenTables } from '../choose-tables.ts'
import type { Grant, SchemaDescription } from '../describe/schema-description.ts'
import type { PolicyProblem } from '../schema-refused-error.ts'

/** What no policy can mend: an application that policies do not hold, or that may take them away. */
export function roleProblems(
  { role, database, schemas }: SchemaDescription,
  { tenants, shared, internal }: ChosenTables,
): readonly PolicyProblem[] {
  const tables = [
    ...tenants.flatMap(({ table, partitions }) => [table, ...partitions]),
    ...shared,
    ...internal,
  ]
  const used = schemas.filter(({ name }) => tables.some(({ schema }) => schema === name))
  const owned = [
    ...(database.owned ? [{ object: database.name, kind: 'database' }] : []),
    ...used.filter((schema) => schema.owned).map(({ name }) => ({ object: name, kind: 'schema' })),
    ...tables.filter((table) => table.owned).map(({ object }) => ({ object, kind: 'table' })),
  ]
  return [
    ...role.exempt.map((name) => ({
      object: name,
      message:
        name === role.name
          ? 'The role is a superuser or has BYPASSRLS, so that no policy holds it.'
          : `${role.name} is a member of the role, which is a superuser or has BYPASSRLS.`,
      fix: 'Let the application log in as a role that is neither, and a member of none that is.',
    })),
    ...owned.map(({ object, kind }) => ({
      object,
      message: `The ${kind} belongs to ${role.name}, or to a role that it is a member of, and who owns it can undo all of this.`,
      fix: `Give it to a role that nobody logs in as: alter ${kind} … owner to ….`,
    })),
    ...grantProblems([...database.grants], database.name),
    ...schemas.flatMap(({ grants, name }) => grantProblems(grants, name)),
    ...tables.flatMap(({ grants, object }) => grantProblems(grants, object)),
  ]
}

/** Privileges that are to go, and that only the role which gave them can take away. */
function grantProblems(grants: readonly Grant[], object: string): PolicyProblem[] {
  const givers = new Set(grants.filter(isUnwanted).flatMap(({ grantor }) => grantor ?? []))
  return [...givers].map((giver) => ({
    object,
    message: `The role ${giver}, which does not own it, has passed on privileges that the application must not have.`,
    fix: `Have ${giver} revoke them.`,
  }))
}

const HARMLESS: readonly string[] = ['SELECT', 'INSERT', 'DELETE', 'USAGE', 'CONNECT']

function isUnwanted({ privilege, column }: Grant): boolean {
  return !HARMLESS.includes(privilege) && !(privilege === 'UPDATE' && column !== null)
}
