import 'server-only'
import { problemOf } from '@clinic/kit'
import { unstable_rethrow } from 'next/navigation'
import type { z } from 'zod'
import type { FormState } from './form-state.ts'

const LONGEST_VALUE = 10_000

/**
 * Takes what a form sent, and answers with what was wrong with it. What succeeds redirects, and does not come back.
 *
 * The error is caught around the transaction and not inside of it, where it would have to be rolled back all the same.
 *
 * @param problem what to say where the fields are not as they should be
 */
export async function answerForm<Shape extends z.ZodType>(
  data: FormData,
  { shape, problem }: { readonly shape: Shape; readonly problem: string },
  act: (given: z.output<Shape>) => Promise<unknown>,
): Promise<FormState> {
  const values = Object.fromEntries(
    [...data].flatMap(([name, value]) =>
      typeof value === 'string' && !name.startsWith('$') ? [[name, value.slice(0, LONGEST_VALUE)]] : [],
    ),
  )
  const given = shape.safeParse(values)
  if (!given.success) return { problem, values }
  try {
    await act(given.data)
    return { problem: '', values: {} }
  } catch (error) {
    unstable_rethrow(error)
    const told = problemOf(error)
    if (!told) throw error
    return { problem: told.title, values }
  }
}
