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

/**
 * Writes the page of the audit: one row a rule, with what the rule says of the first bad schema of the corpus that is its own.
 *
 * @param page as it is; what stands between the marks is replaced
 * @param client of the superuser, outside of a transaction, of a server with a role `app`; it leaves nothing behind
 */
export async function writeAuditPage(page: string, client: CatalogClient): Promise<string> {
  const [head, rest] = page.split(BEGIN)
  const [, tail] = rest?.split(END) ?? []
  if (head === undefined || tail === undefined) throw new Error('The page has no place for the rules.')
  const corpus = readCorpus()
  const rows: string[] = []
  for (const rule of RULES) {
    const schema = corpus.find(({ name, rule: id }) => id === rule.id && name.startsWith('bad-'))
    rows.push(row(rule, schema && (await findOne(client, schema, rule))))
  }
  const table = [
    '| rule | severity | what is wrong | for example | what to do then |',
    '|---|---|---|---|---|',
  ]
  return `${head}${BEGIN}\n${[...table, ...rows].join('\n')}\n${END}${tail}`
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
  const shown = WITHOUT_EXAMPLE.includes(id) ? undefined : example
  const cells = [
    `\`${id}\``,
    severity,
    title,
    shown ? `\`${shown.object}\`: ${shown.message}` : '',
    shown?.fix ?? '',
  ]
  return `| ${cells.map(cell).join(' | ')} |`
}

/** So that neither names nor code in a sentence end a cell or are taken for HTML. */
function cell(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;')
}
