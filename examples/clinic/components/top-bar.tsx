'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { Mark } from './mark.tsx'

const PLACES = [
  { href: '/', name: 'Today' },
  { href: '/patients', name: 'Patients' },
]

export function TopBar({ clinic, person }: { readonly clinic: string; readonly person: string }) {
  const path = usePathname()
  const isHere = (href: string) => (href === '/' ? path === '/' : path.startsWith(href))
  return (
    <header className="top">
      <div className="top-row">
        <p className="brand">
          <Mark />
          <span>{clinic}</span>
        </p>
        <nav aria-label="Main">
          <ul className="nav-list">
            {PLACES.map(({ href, name }) => (
              <li key={href}>
                <Link
                  className="nav-link"
                  href={href}
                  prefetch={false}
                  aria-current={isHere(href) ? 'page' : undefined}
                >
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <form action="/logout" method="post" className="person">
          <span className="person-name">{person}</span>
          <button type="submit" className="button quiet">
            Sign out
          </button>
        </form>
      </div>
    </header>
  )
}
