import { existsSync } from 'node:fs'
import type { SeededAccount } from '@clinic/schema/seed'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { PLATFORM_HOST } from './edge.ts'
import type { Platform } from './platform.ts'

/** Debian's package `chromium`; another one by the variable. */
const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium'
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Not every resolver knows names that end with .localhost.
  '--host-resolver-rules=MAP *.localhost 127.0.0.1',
]
/** The first request of a page of Next.js loads its code. */
const PAGE_LIMIT_MS = 20_000

/** A person at a browser of their own. */
export interface Visit {
  readonly page: Page
  readonly context: BrowserContext
  /** What the console of any of its pages complained of, and requests that left the machine. */
  readonly complaints: readonly string[]
  /** The address of a path on the host that the visit began at. */
  at(path: string): string
}

/** Starts Chromium. @throws when it is not installed, with the command that does */
export function launchBrowser(): Promise<Browser> {
  if (!existsSync(EXECUTABLE)) {
    throw new Error(
      `There is no ${EXECUTABLE}. Install it (as root: apt-get install -y chromium), or name another with CHROMIUM.`,
    )
  }
  return chromium.launch({ executablePath: EXECUTABLE, headless: true, args: FLAGS })
}

type ContextOptions = Parameters<Browser['newContext']>[0]

/** Opens a host as nobody in particular. */
export async function visit(
  browser: Browser,
  platform: Pick<Platform, 'edge'>,
  host: string,
  options: ContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Berlin', ...options })
  context.setDefaultTimeout(PAGE_LIMIT_MS)
  const complaints: string[] = []
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.location().url}: ${message.text()}`)
  })
  context.on('weberror', (error) => complaints.push(String(error.error())))
  context.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url())
    if (protocol.startsWith('http') && !hostname.endsWith('.localhost')) complaints.push(`asked ${hostname}`)
  })
  const page = await context.newPage()
  return { page, context, complaints, at: (path) => new URL(path, platform.edge.url(host)).href }
}

/** Opens a host and signs somebody in by its form, as they would. */
export async function signInAt(
  browser: Browser,
  platform: Pick<Platform, 'edge' | 'secrets'>,
  host: string,
  account: Pick<SeededAccount, 'email'>,
  options: ContextOptions = {},
): Promise<Visit> {
  const made = await visit(browser, platform, host, options)
  const { page, at } = made
  await page.goto(at('/login'))
  await fillLogin(page, account.email, platform.secrets.demoPassword)
  await page.waitForURL((url) => !url.pathname.startsWith('/login'))
  return made
}

export async function fillLogin(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel(/e-?mail/i).fill(email)
  await page.getByLabel(/password/i).fill(password)
  await page.getByRole('button', { name: /sign in|log in/i }).click()
}

export const CLINIC_HOST = (slug: string): string => `${slug}.clinic.${PLATFORM_HOST}`
export const PORTAL_HOST: string = `portal.${PLATFORM_HOST}`
export const CONSOLE_HOST: string = `console.${PLATFORM_HOST}`
