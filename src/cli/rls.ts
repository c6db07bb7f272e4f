import { resolve } from 'node:path'
import { generatePolicy } from '../rls/policy/generate-policy.ts'
import type { PolicyStatement } from '../rls/policy/policy-statement.ts'
import { printMigration } from '../rls/policy/print-migration.ts'
import { type Command, defineCommand } from './command.ts'
import { readServer } from './connection/read-server.ts'
import { readingCatalogs } from './connection/reading-catalogs.ts'
import { withConnection } from './connection/with-connection.ts'
import { EXIT } from './exit-code.ts'
import { describeApplication } from './options/application.ts'
import { APPLICATION_OPTIONS, SERVER_OPTIONS } from './options/common-options.ts'
import { policyOptions, readTables, TABLE_OPTIONS } from './options/policy.ts'
import { writeTo } from './report/write-to.ts'

/** How long a statement of the migration waits for a lock, since all others wait behind it. */
const LOCK_TIMEOUT = '5s'

/** `leasehold rls generate`: the statements that make a schema right. */
export const rlsGenerate: Command = defineCommand({
  name: 'rls generate',
  summary: 'Prints the SQL that makes all tables of a schema, or those that are named, keep tenants apart.',
  operands: '[schema.table ...]',
  options: {
    ...SERVER_OPTIONS,
    ...APPLICATION_OPTIONS,
    ...TABLE_OPTIONS,
    output: { type: 'string', value: '<file>', help: 'writes the migration into a file' },
    check: { type: 'boolean', help: 'ends with 3 where there is something to do' },
    json: { type: 'boolean', help: 'prints the statements as JSON' },
  },
  run: async (values, operands, terminal) => {
    const named = readTables(values, operands)
    const server = readServer(values, terminal)
    const options = policyOptions(await describeApplication(values, terminal), named)
    const statements = await withConnection(server, { purpose: 'rls generate' }, (client) =>
      readingCatalogs(client, () => generatePolicy(client, options)),
    )
    const { output } = values
    if (output !== undefined) {
      await writeTo(resolve(terminal.folder, output), output, migration(statements))
      terminal.note(`${output} holds ${statements.length} statements. Read it before you run it.`)
    } else if (!values.json) {
      terminal.print(migration(statements))
    }
    if (values.json) terminal.print(toJson(statements))
    return values.check && statements.length > 0 ? EXIT.findings : EXIT.done
  },
})

function migration(statements: readonly PolicyStatement[]): string {
  if (statements.length === 0) return '-- Nothing to do: the tables keep tenants apart as they are.\n'
  return [
    '-- Written by `leasehold rls generate`. Read it before you run it.',
    `begin;\nset local lock_timeout = '${LOCK_TIMEOUT}';`,
    printMigration(statements).trimEnd(),
    'commit;\n',
  ].join('\n\n')
}

function toJson(statements: readonly PolicyStatement[]): string {
  return JSON.stringify({
    statements: statements.map(({ object, purpose, sql, locks }) => ({ object, purpose, sql, locks })),
  })
}
