import type { Finding, Severity } from '../finding.ts'
import { fingerprints } from './fingerprint.ts'
import { printable } from './printable.ts'

/** A rule, as far as a report names it. */
export interface ReportedRule {
  readonly id: string
  readonly title: string
  readonly severity: Severity
}

/** What made the report. */
export interface SarifTool {
  /** Of leasehold. */
  readonly version: string
  /** Tells reports of different kinds on one commit apart: `audit` or `probe`. */
  readonly kind: string
  readonly rules: readonly ReportedRule[]
}

const LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' }

/**
 * Writes findings as SARIF, for services that show the results of static analysis.
 *
 * An object of a database has no file. Services drop results without one, so each gets a path below `database/` beside its logical
 * location.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function toSarif(findings: readonly Finding[], { version, kind, rules }: SarifTool): string {
  const prints = fingerprints(findings)
  const indexes = new Map(rules.map(({ id }, index) => [id, index]))
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'leasehold', version, rules: rules.map(toDescriptor) } },
        automationDetails: { id: `leasehold/${kind}/` },
        results: findings.map((finding, at) =>
          toResult(finding, indexes.get(finding.rule), prints[at] ?? ''),
        ),
      },
    ],
  }
  return JSON.stringify(log, undefined, 2)
}

function toDescriptor({ id, title, severity }: ReportedRule) {
  return { id, shortDescription: { text: title }, defaultConfiguration: { level: LEVELS[severity] } }
}

function toResult(finding: Finding, ruleIndex: number | undefined, fingerprint: string) {
  const { rule, severity, object, message, fix } = finding
  return {
    ruleId: rule,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: LEVELS[severity],
    message: { text: printable(`${message} ${fix}`) },
    locations: [
      {
        physicalLocation: physicalLocation(finding),
        logicalLocations: [{ fullyQualifiedName: object }],
      },
    ],
    partialFingerprints: { 'leaseholdFinding/v1': fingerprint },
  }
}

function physicalLocation({ object, line }: Finding) {
  const uri = object.toWellFormed()
  return line === undefined
    ? { artifactLocation: { uri: `database/${encodeURIComponent(uri)}` } }
    : {
        artifactLocation: { uri: uri.split('/').map(encodeURIComponent).join('/') },
        region: { startLine: line },
      }
}
