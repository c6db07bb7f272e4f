import type { Metadata } from 'next'
import Form from 'next/form'
import Link from 'next/link'
import { PatientTable } from '../../../components/patient-table.tsx'
import { findPatients } from '../../../data/patients.ts'
import { requireStaff } from '../../../lib/session.ts'

export const metadata: Metadata = { title: 'Patients' }

interface Props {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>
}

const LONGEST_SEARCH = 80

export default async function Page({ searchParams }: Props) {
  await requireStaff()
  const { search: given, after: cursor } = await searchParams
  const search = (typeof given === 'string' ? given : '').trim().slice(0, LONGEST_SEARCH)
  const { patients, after } = await findPatients(search, typeof cursor === 'string' ? cursor : undefined)
  return (
    <>
      <header className="page-head">
        <div>
          <h1>Patients</h1>
        </div>
        <Link className="button primary" href="/patients/new" prefetch={false}>
          New patient
        </Link>
      </header>
      <Form action="/patients" className="search" role="search" prefetch={false}>
        <label htmlFor="search">Name or chart number</label>
        <div className="search-row">
          <input
            id="search"
            name="search"
            type="search"
            defaultValue={search}
            maxLength={LONGEST_SEARCH}
            autoComplete="off"
          />
          <button type="submit" className="button">
            Search
          </button>
        </div>
      </Form>
      {patients.length === 0 ? (
        <p className="empty" role="status">
          {search === '' ? 'Nobody is registered yet.' : `Nobody whose name begins with “${search}”.`}
        </p>
      ) : (
        <PatientTable patients={patients} />
      )}
      <Pages search={search} after={after} isFirst={cursor === undefined} />
    </>
  )
}

function Pages({ search, after, isFirst }: { search: string; after: string | undefined; isFirst: boolean }) {
  const words = search === '' ? {} : { search }
  if (isFirst && after === undefined) return null
  return (
    <nav className="pages" aria-label="Pages">
      {!isFirst && (
        <Link className="button" href={{ pathname: '/patients', query: words }} prefetch={false}>
          First page
        </Link>
      )}
      {after !== undefined && (
        <Link
          className="button"
          href={{ pathname: '/patients', query: { ...words, after } }}
          prefetch={false}
        >
          Next page <span aria-hidden="true">→</span>
        </Link>
      )}
    </nav>
  )
}
