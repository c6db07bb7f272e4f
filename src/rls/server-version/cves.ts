/** A hole in PostgreSQL's row security, or next to it, that a minor release closed. */
export interface RowSecurityCve {
  readonly id: string
  /** The day of the release that closed it, as `YYYY-MM-DD`. */
  readonly published: string
  /** What it lets happen, in one sentence. */
  readonly lets: string
  /**
   * The first minor of each major that has the fix. Every major that PostgreSQL then supported and that has the hole
   * is named.
   */
  readonly fixedIn: readonly string[]
  /** The first major that has the hole; by default that is 9.5, where row security began. */
  readonly since?: string
  /** It opens what lies beside row security: privileges on columns, the tools that make backups. */
  readonly isAdjacent?: true
}

/**
 * The holes, the newest first. Sources: the release notes of PostgreSQL 15.3 to 15.20 and 17.12, and the CVE records.
 *
 * @see https://www.postgresql.org/support/security/
 */
export const ROW_SECURITY_CVES: readonly RowSecurityCve[] = [
  {
    id: 'CVE-2026-120154',
    published: '2026-11-12',
    lets: "INSERT ... ON CONFLICT DO UPDATE ... WHERE reads any column of another tenant's row before the policy is checked, where a unique key does not contain the tenant.",
    fixedIn: ['18.7', '17.12', '16.16', '15.20', '14.25'],
  },
  {
    id: 'CVE-2026-116327',
    published: '2026-11-12',
    lets: 'A condition with CASE or an array conversion counts as leak-proof when it is not, so that it may run before the policy, on rows that the policy hides.',
    fixedIn: ['18.7', '17.12', '16.16', '15.20', '14.25'],
  },
  {
    id: 'CVE-2026-116311',
    published: '2026-11-12',
    lets: 'A role takes itself out of restrictive policies on tables that it does not own, with DROP OWNED BY; policies TO PUBLIC are not affected.',
    fixedIn: ['18.7', '17.12', '16.16', '15.20', '14.25'],
  },
  {
    id: 'CVE-2026-16237',
    published: '2026-11-12',
    lets: "INSERT ... ON CONFLICT DO UPDATE through a view updates rows that the view's WHERE hides.",
    fixedIn: ['18.7', '17.12', '16.16', '15.20', '14.25'],
  },
  {
    id: 'CVE-2026-14666',
    published: '2026-08-13',
    lets: 'A session goes on under the policies of before when memberships or attributes of its role have changed, in plans that it has cached.',
    // 18.5 was never released.
    fixedIn: ['18.6', '17.11', '16.15', '15.19', '14.24'],
  },
  {
    id: 'CVE-2025-12817',
    published: '2025-11-13',
    lets: 'The owner of a table makes statistics objects in schemas in which it may create nothing, and so keeps others from making theirs.',
    fixedIn: ['18.1', '17.7', '16.11', '15.15', '14.20', '13.23'],
    isAdjacent: true,
  },
  {
    id: 'CVE-2025-8713',
    published: '2025-08-14',
    lets: "The planner's statistics of partitions and views show most common values and histograms of rows that the policy hides.",
    fixedIn: ['17.6', '16.10', '15.14', '14.19', '13.22'],
  },
  {
    id: 'CVE-2024-10976',
    published: '2024-11-14',
    lets: "A cached plan with row security below a subquery, WITH or a security invoker view goes on under another role's policies after SET ROLE.",
    fixedIn: ['17.1', '16.5', '15.9', '14.14', '13.17', '12.21'],
  },
  {
    id: 'CVE-2024-7348',
    published: '2024-08-08',
    lets: 'Whoever may create objects runs SQL as the role that runs pg_dump, which is past all policies.',
    fixedIn: ['16.4', '15.8', '14.13', '13.16', '12.20'],
    isAdjacent: true,
  },
  {
    id: 'CVE-2023-39418',
    published: '2023-08-10',
    lets: 'MERGE stores rows that UPDATE and SELECT policies forbid.',
    fixedIn: ['15.4'],
    since: '15',
  },
  {
    id: 'CVE-2023-2455',
    published: '2023-05-11',
    lets: "A set-returning function that was inlined goes on under another role's policies after SET ROLE.",
    fixedIn: ['15.3', '14.8', '13.11', '12.15', '11.20'],
  },
  {
    id: 'CVE-2021-3393',
    published: '2021-02-11',
    lets: 'Errors of partition constraints show values of columns that the role may write and not read.',
    fixedIn: ['13.2', '12.6', '11.11'],
    since: '11',
    isAdjacent: true,
  },
  {
    id: 'CVE-2019-10130',
    published: '2019-05-09',
    lets: "The planner's statistics show most common values of rows that the policy hides.",
    fixedIn: ['11.3', '10.8', '9.6.13', '9.5.17'],
  },
  {
    id: 'CVE-2018-10925',
    published: '2018-08-09',
    lets: 'INSERT ... ON CONFLICT DO UPDATE writes columns that the role may not update, and reads memory of the server.',
    fixedIn: ['10.5', '9.6.10', '9.5.14'],
    isAdjacent: true,
  },
  {
    id: 'CVE-2017-15099',
    published: '2017-11-09',
    lets: 'INSERT ... ON CONFLICT DO UPDATE reads rows that SELECT policies hide.',
    fixedIn: ['10.1', '9.6.6', '9.5.10'],
  },
  {
    id: 'CVE-2017-7484',
    published: '2017-05-11',
    lets: "The planner's statistics show values of columns that the role may not read.",
    fixedIn: ['9.6.3', '9.5.7'],
    isAdjacent: true,
  },
  {
    id: 'CVE-2016-2193',
    published: '2016-03-31',
    lets: "A cached plan goes on under another role's policies after SET ROLE.",
    fixedIn: ['9.5.2'],
  },
]
