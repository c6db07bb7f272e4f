/** A line of a chart. */
export interface Series {
  readonly name: string
  readonly values: readonly (number | null)[]
  readonly show: (value: number) => string
}

/** What somebody is told who does not see the chart: how each line stands, and between what it moved. */
export function describeSeries(title: string, all: readonly Series[]): string {
  const parts = all.map(({ name, values, show }) => {
    const known = values.filter((value) => value !== null)
    const last = known.at(-1)
    if (last === undefined) return `${name}: nothing yet`
    return `${name}: now ${show(last)}, between ${show(Math.min(...known))} and ${show(Math.max(...known))}`
  })
  return all.length === 0 ? `${title}. Nothing to show.` : `${title}. ${parts.join('. ')}.`
}
