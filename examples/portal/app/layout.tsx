import type { Metadata, Viewport } from 'next'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { currentSession } from '../lib/session.ts'
import './globals.css'

export const metadata: Metadata = {
  title: { default: 'Patient portal', template: '%s · Patient portal' },
  description: 'Your appointments and records, at each of your clinics',
  robots: { index: false, follow: false },
  icons: {
    icon: "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><rect width='16' height='16' rx='5' fill='%23315f4a'/><path d='M8 12.500C4.500 10 3 8.400 3 6.500A2.500 2.500 0 0 1 8 5.600 2.500 2.500 0 0 1 13 6.500C13 8.400 11.500 10 8 12.500z' fill='white'/></svg>",
  },
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  colorScheme: 'light dark',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f7f6f2' },
    { media: '(prefers-color-scheme: dark)', color: '#12160f' },
  ],
}

export default async function Layout({ children }: { readonly children: ReactNode }) {
  const session = await currentSession()
  return (
    <html lang="en">
      <body>
        <a className="skip" href="#main">
          Skip to content
        </a>
        {session && (
          <header className="top">
            <div className="bar">
              <Link href="/" className="brand">
                Patient portal
              </Link>
              <span className="who">{session.claims.name}</span>
              <form action="/logout" method="post">
                <button type="submit">Sign out</button>
              </form>
            </div>
          </header>
        )}
        {children}
      </body>
    </html>
  )
}
