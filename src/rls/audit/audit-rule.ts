import type { Finding, Severity } from '../finding.ts'
import type { AuditSubject } from './audit-subject.ts'

/** What one rule has found on one object. */
export interface Found {
  /** `schema.name` where it lies in a schema, unquoted. */
  readonly object: string
  /** Where the object is a file; counted from 1. */
  readonly line?: number | undefined
  readonly message: string
  /** What to do, in a sentence. */
  readonly fix: string
  /** The statements that do it, each ended by a semicolon, where statements can. */
  readonly sql?: string | undefined
  /** Where it is not the rule's. */
  readonly severity?: Severity | undefined
}

/** One way in which rows get past the wall between tenants, and how to see it. */
export interface AuditRule {
  /** Stable, in kebab-case. */
  readonly id: string
  /** What is wrong where the rule finds something, in a few words. */
  readonly title: string
  readonly severity: Severity
  find(subject: AuditSubject): Promise<readonly Found[]>
}

/** A rule that one query of the catalogs answers. */
export interface CatalogRule<Row> {
  readonly id: string
  readonly title: string
  readonly severity: Severity
  /** Reads the tables of {@link CATALOG_VIEW}; each row is one finding. */
  readonly query: string
  report(row: Row, subject: AuditSubject): Found
}

/** Makes a rule of a query and of what each of its rows means. */
export function catalogRule<Row>({ id, title, severity, query, report }: CatalogRule<Row>): AuditRule {
  return {
    id,
    title,
    severity,
    find: async (subject) => (await subject.rows<Row>(query)).map((row) => report(row, subject)),
  }
}

/** Completes what a rule has found. */
export function toFinding(rule: AuditRule, found: Found): Finding {
  return { ...found, rule: rule.id, severity: found.severity ?? rule.severity }
}
