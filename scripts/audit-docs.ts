import type { AuditRule } from '../src/rls/audit/audit-rule.ts'
import { RULES } from '../src/rls/audit/rules/index.ts'
import { runAudit } from '../src/rls/audit/run-audit.ts'
import type { CatalogClient } from '../src/rls/catalog/catalog-client.ts'
import type { Finding } from '../src/rls/finding.ts'
import { BASE, type CorpusCase, readCorpus } from '../test/rls/corpus-case.ts'

const BEGIN = '<!-- rules: written by scripts/write-audit-docs.ts -->'
const END = '<!-- /rules -->'
const DEFAULTS = {
  appRole: 'app',
  tenantColumn: 'tenant_id',
  tenantColumns: {},
  tenantSetting: 'app.tenant_id',
  settings: [],
  shared: [],
  backupRoles: [],
  sources: [],
}
/** What they say depends on the server that the page is written on. */
const WITHOUT_EXAMPLE: readonly string[] = ['server-version']

const PLAIN = /^[a-z0-9_.() ]+$/

/**
 * Writes the page of the audit: one row a rule, with what the rule says of a bad schema of the corpus.
 *
 * @param page as it is; what stands between the marks is replaced
 * @param client of the superuser, outside of a transaction, of a server with a role `app`; it leaves nothing behind
 */
export async function writeAuditPage(page: string, client: CatalogClient): Promise<string> {
  const [head, rest] = page.split(BEGIN)
  const [, tail] = rest?.split(END) ?? []
  if (head === undefined || tail === undefined) throw new Error('The page has no place for the rules.')
  const corpus = readCorpus().filter(({ name }) => name.startsWith('bad-'))
  const database = await databaseName(client)
  const rows: string[] = []
  for (const rule of RULES) {
    const own = WITHOUT_EXAMPLE.includes(rule.id) ? [] : corpus.filter((schema) => schema.rule === rule.id)
    rows.push(row(rule, await findExample(client, own, rule)).replaceAll(database, 'clinic'))
  }
  const table = [
    '| rule | severity | what is wrong | for example | what to do then |',
    '|---|---|---|---|---|',
  ]
  return `${head}${BEGIN}\n${[...table, ...rows].join('\n')}\n${END}${tail}`
}

/** The first finding with plain names, or else the first. */
async function findExample(
  client: CatalogClient,
  schemas: readonly CorpusCase[],
  rule: AuditRule,
): Promise<Finding | undefined> {
  let first: Finding | undefined
  for (const schema of schemas) {
    const finding = await findOne(client, schema, rule)
    if (finding && PLAIN.test(finding.object) && !finding.message.includes('""')) return finding
    first ??= finding
  }
  return first
}

async function databaseName(client: CatalogClient): Promise<string> {
  const { rows } = await client.query('select current_database() as name')
  const [answer] = rows as readonly { readonly name: string }[]
  return answer?.name ?? ''
}

async function findOne(
  client: CatalogClient,
  schema: CorpusCase,
  rule: AuditRule,
): Promise<Finding | undefined> {
  await client.query('begin')
  try {
    await client.query(BASE)
    await client.query(schema.sql)
    await client.query('reset role')
    const [finding] = await runAudit(client, { ...DEFAULTS, ...schema.options }, [rule])
    return finding
  } finally {
    await client.query('rollback')
  }
}

function row({ id, severity, title }: AuditRule, example: Finding | undefined): string {
  const cells = [
    `\`${id}\``,
    severity,
    title,
    example ? `\`${example.object}\`: ${example.message}` : '',
    example?.fix ?? '',
  ]
  return `| ${cells.map(cell).join(' | ')} |`
}

/** So that neither names nor code in a sentence end a cell or are taken for HTML. */
function cell(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;')
}
