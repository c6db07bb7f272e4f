import { LeaseholdError } from '../../errors/leasehold-error.ts'
import type { PartitionReport } from './run-report.ts'

/**
 * The connection was lost in the midst of a run, or the server stopped answering. What was done stays, and the next run takes up what was
 * begun.
 */
export class PartitionLostError extends LeaseholdError {
  readonly code = 'LSH_ERR_PARTITION_LOST'
  readonly retryable = false
  /** As far as the run had come. */
  readonly report: PartitionReport

  /** @param step the id of the step that was under way */
  constructor(step: string | undefined, report: PartitionReport, cause: unknown) {
    super(
      `The connection to PostgreSQL was lost, or the server stopped answering${step ? `, at the step ${step}` : ''}. Whether that step was done is ` +
        'not known; run it again: it looks at what is there, and goes on.',
      { cause },
    )
    this.report = report
  }
}
