import type { Candidate } from './candidate.ts'

/** How busy a replica is: the reads that it has not answered, for each unit of its weight. */
export function loadOf(candidate: Candidate): number {
  return candidate.outstanding / candidate.weight
}
