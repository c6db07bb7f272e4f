import type { Finding } from '../finding.ts'

/** Where something was found, for a person: the object, with the line where it is a file. */
export function placeOf({ object, line }: Pick<Finding, 'object' | 'line'>): string {
  return line === undefined ? object : `${object}:${line}`
}
