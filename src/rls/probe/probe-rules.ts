/** What a probe can find. The severity is the usual one of the rule. */
export const PROBE_RULES = [
  { id: 'probe-role', title: 'No policy holds the login', severity: 'error' },
  { id: 'probe-default-tenant', title: 'A connection begins as a tenant', severity: 'error' },
  { id: 'probe-read', title: 'Rows of other tenants are seen', severity: 'error' },
  { id: 'probe-no-context', title: 'Rows are seen without a tenant', severity: 'error' },
  {
    id: 'probe-hidden-tenant',
    title: 'Rows without a tenant column are seen by all tenants',
    severity: 'warning',
  },
  { id: 'probe-function', title: 'A function shows rows of other tenants', severity: 'error' },
  { id: 'probe-influence', title: 'What one tenant sees depends on the rows of another', severity: 'error' },
  { id: 'probe-write', title: 'Rows of other tenants can be written', severity: 'error' },
  { id: 'probe-truncate', title: 'The rows of all tenants can be removed', severity: 'error' },
  { id: 'probe-foreign-key', title: 'A row can refer to a row of another tenant', severity: 'error' },
  { id: 'probe-conflict', title: 'ON CONFLICT meets rows of other tenants', severity: 'error' },
  { id: 'probe-sequence', title: 'A sequence tells how much all tenants do', severity: 'info' },
  { id: 'probe-session', title: 'What the probe could not see from where it stood', severity: 'info' },
  { id: 'probe-incomplete', title: 'Something was not probed', severity: 'info' },
] as const

export type ProbeRuleId = (typeof PROBE_RULES)[number]['id']
