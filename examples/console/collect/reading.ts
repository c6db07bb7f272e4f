import { NotMeasuredError } from './clinics.ts'
import type { Reading } from './observation.ts'

/** Makes a reading of what a source says, or of its failure: by its code, never its message, which can hold anything. */
export async function readingOf<T>(
  read: () => Promise<T>,
  now: () => number = Date.now,
): Promise<Reading<T>> {
  try {
    const value = await read()
    return { ok: true, atMs: now(), value }
  } catch (error) {
    return { ok: false, atMs: now(), reason: reasonOf(error) }
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof NotMeasuredError) return error.message
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  // 42501: insufficient_privilege; 42883 and 3F000: no such function or schema.
  if (code === '42501') return "The operators' login may not read this"
  // 28000 and 28P01: invalid_authorization_specification, invalid_password; 3D000: no such database.
  if (code === '28000' || code === '28P01') return "The server does not let the operators' login in"
  if (code === '3D000') return 'There is no such database'
  if (code === '42883' || code === '3F000') return 'The schema operator is not installed here'
  return code === '' ? 'The server does not answer' : `The server does not answer (${code})`
}
