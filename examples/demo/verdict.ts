import type { VariantResult } from './score.ts'

/** Why the run proves nothing, or proves something wrong; empty when all is well. */
export function findFaults(results: readonly VariantResult[]): readonly string[] {
  return results.flatMap(({ name, foreignRows, wrongAnswers, error }) => {
    if (name === 'session-set') {
      return foreignRows > 0 ? [] : ['session-set saw no foreign row, so the check may be blind.']
    }
    const cause = error === undefined ? '' : ` The first error: ${error}`
    return [
      ...(foreignRows > 0 ? [`${name} saw ${foreignRows} foreign rows.`] : []),
      ...(wrongAnswers > 0 ? [`${name} had ${wrongAnswers} wrong answers.${cause}`] : []),
    ]
  })
}

/** The document that `--json` prints. */
export function toJson(results: readonly VariantResult[]): string {
  return JSON.stringify({
    variants: results.map(
      ({
        name,
        operations,
        foreignRows,
        roundTripsPerOperation,
        operationsPerSecond,
        serverConnections,
      }) => ({
        name,
        operations,
        foreignRows,
        roundTripsPerOperation,
        operationsPerSecond,
        serverConnections,
      }),
    ),
  })
}
