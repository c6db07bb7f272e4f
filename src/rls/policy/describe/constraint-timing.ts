/** SQL for when a constraint is checked, as it is written behind its definition. */
export function constraintTiming(constraint: string): string {
  return `case when ${constraint}.condeferrable
    then case when ${constraint}.condeferred then ' deferrable initially deferred' else ' deferrable' end else '' end`
}
