import type { ReactNode } from 'react'
import { TopBar } from '../../components/top-bar.tsx'
import { requireStaff } from '../../lib/session.ts'

/** What all pages behind the login have around them. Each page asks for the session itself: a layout protects no page. */
export default async function StaffLayout({ children }: { readonly children: ReactNode }) {
  const { claims, organization } = await requireStaff()
  return (
    <>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <TopBar clinic={organization.name} person={claims.name} />
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </>
  )
}
