import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'
import { findClinic } from '../lib/session.ts'
import './globals.css'

const ICON =
  "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><rect width='32' height='32' rx='9' fill='%231d5c4d'/><path d='M16 8v16M8 16h16' stroke='white' stroke-width='4' stroke-linecap='round'/></svg>"

export async function generateMetadata(): Promise<Metadata> {
  const name = (await findClinic())?.name ?? 'No clinic'
  return {
    title: { default: name, template: `%s · ${name}` },
    description: `${name}: appointments, patients and charts`,
    robots: { index: false, follow: false },
    icons: { icon: ICON },
  }
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  colorScheme: 'light dark',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f6f6f2' },
    { media: '(prefers-color-scheme: dark)', color: '#11150f' },
  ],
}

export default function Layout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  )
}
