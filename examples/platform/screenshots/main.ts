import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { ANNA, LAKESIDE, MIRA, OPS, type SeededAccount, SONNENHOF } from '@clinic/schema/seed'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { startPlatform } from '../start-platform.ts'
import { CLINIC_HOST, CONSOLE_HOST, launchBrowser, PORTAL_HOST, signInAt, visit } from '../visit.ts'

const FOLDER = fileURLToPath(new URL('../../../docs/platform', import.meta.url))
const DESK = { viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' } as const
const PHONE = {
  viewport: { width: 390, height: 780 },
  isMobile: true,
  hasTouch: true,
  reducedMotion: 'reduce',
} as const
/** The Console's charts need some minutes to say anything; this is enough for a picture. */
const LOAD_MS = 45_000
/** A picture of a page has few colours. */
const COLOURS = 64

/** One picture: who looks at what. */
interface Shot {
  readonly name: string
  readonly host: string
  /** Nobody, for a login. */
  readonly account?: SeededAccount
  readonly options?: Parameters<typeof visit>[3]
  /** Goes there. */
  go(page: Page, at: (path: string) => string): Promise<unknown>
}

const clinic = CLINIC_HOST(SONNENHOF.slug)
const goTo = (path: string) => (page: Page, at: (path: string) => string) => page.goto(at(path))

const SHOTS: readonly Shot[] = [
  { name: 'clinic-login', host: clinic, go: goTo('/login') },
  { name: 'clinic-today', host: clinic, account: ANNA, go: goTo('/') },
  { name: 'clinic-patients', host: clinic, account: ANNA, go: goTo('/patients') },
  { name: 'clinic-chart', host: clinic, account: ANNA, go: openMira },
  { name: 'clinic-chart-phone', host: clinic, account: ANNA, options: PHONE, go: openMira },
  { name: 'portal-home', host: PORTAL_HOST, account: MIRA, go: goTo('/') },
  { name: 'portal-clinic', host: PORTAL_HOST, account: MIRA, go: goTo(`/clinics/${LAKESIDE.slug}`) },
  {
    name: 'portal-clinic-phone',
    host: PORTAL_HOST,
    account: MIRA,
    options: PHONE,
    go: goTo(`/clinics/${LAKESIDE.slug}`),
  },
  { name: 'console', host: CONSOLE_HOST, account: OPS, go: goTo('/') },
  {
    name: 'console-dark',
    host: CONSOLE_HOST,
    account: OPS,
    options: { ...DESK, colorScheme: 'dark' },
    go: goTo('/'),
  },
  { name: 'console-phone', host: CONSOLE_HOST, account: OPS, options: PHONE, go: goTo('/') },
]

/** Mira's chart, as staff find it. */
async function openMira(page: Page, at: (path: string) => string): Promise<void> {
  await page.goto(at(`/patients?search=${MIRA.familyName}`))
  await page
    .getByRole('link', { name: new RegExp(`${MIRA.givenName}|${MIRA.familyName}`) })
    .first()
    .click()
  await page.waitForURL(/\/patients\/[0-9a-f-]{36}/)
}

await mkdir(FOLDER, { recursive: true })
await using platform = await startPlatform({ onProgress: (words) => console.error(words) })
const browser = await launchBrowser()
try {
  await platform.startLoad({ shape: 'steady', perSecond: 40 })
  console.error(`Load for ${LOAD_MS / 1_000} s, so that the Console has something to show`)
  await sleep(LOAD_MS)
  for (const { name, host, account, options = DESK, go } of SHOTS) {
    const { page, at, context } = account
      ? await signInAt(browser, platform, host, account, options)
      : await visit(browser, platform, host, options)
    await go(page, at)
    await page.getByRole('main').waitFor()
    // Charts that grow, fonts that settle.
    await sleep(2_500)
    const taken = await page.screenshot({ fullPage: false })
    const small = await sharp(taken)
      .png({ palette: true, colours: COLOURS, effort: 10, compressionLevel: 9 })
      .toBuffer()
    await writeFile(join(FOLDER, `${name}.png`), small)
    console.log(`docs/platform/${name}.png  ${(small.length / 1_024).toFixed(0)} kB`)
    await context.close()
  }
} finally {
  await browser.close()
}
