import type { ProbeReport } from './probe-report.ts'

/** Says which sequences can be asked how far they have counted. */
export function describeSequences(sequences: readonly string[], report: ProbeReport): void {
  for (const object of sequences) {
    report.add({
      rule: 'probe-sequence',
      severity: 'info',
      object,
      message:
        'The application may read last_value, which tells every tenant how much all of them do together.',
      fix: 'Revoke SELECT on the sequence; nextval() needs USAGE alone. Identity columns need neither.',
    })
  }
}
