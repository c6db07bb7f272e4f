import Link from 'next/link'
import { Problem } from './problem.tsx'

interface Props {
  readonly problem: string
  readonly isPending: boolean
  /** What the button does. */
  readonly words: string
  /** Where to go without doing it. */
  readonly back: string
}

export function FormEnd({ problem, isPending, words, back }: Props) {
  return (
    <>
      <Problem words={problem} />
      <p className="actions">
        <button type="submit" className="button primary" disabled={isPending}>
          {words}
        </button>
        <Link className="button quiet" href={back} prefetch={false}>
          Back
        </Link>
      </p>
    </>
  )
}
