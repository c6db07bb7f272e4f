import { describe, expect, it } from 'vitest'
import { CLINIC_HOST, CONSOLE_HOST, PORTAL_HOST, signInAt, visit } from '../../examples/platform/visit.ts'
import { ANNA, MIRA, OPS } from '../../examples/schema/seed/cast.ts'
import { SONNENHOF } from '../../examples/schema/seed/platform-clinics.ts'
import { expectAccessible, useBrowser } from './support/browser.ts'
import { crawl } from './support/crawl.ts'
import { usePlatform } from './support/use-platform.ts'

const platform = usePlatform()
const browser = useBrowser()

const APPS = [
  ['clinic', CLINIC_HOST(SONNENHOF.slug), ANNA],
  ['portal', PORTAL_HOST, MIRA],
  ['console', CONSOLE_HOST, OPS],
] as const
const LOOKS = [
  ['a desk, light', { colorScheme: 'light', viewport: { width: 1280, height: 800 } }],
  ['a desk, dark', { colorScheme: 'dark', viewport: { width: 1280, height: 800 } }],
  [
    'a phone',
    { colorScheme: 'light', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  ],
] as const

describe.each(APPS)('%s', (_app, host, account) => {
  it.each(LOOKS)(
    'on %s: every page can be used by everybody, and no browser complains',
    async (_look, options) => {
      const made = await signInAt(browser(), platform(), host, account, options)
      const pages = await crawl(made, '/', {
        ofEachForm: 1,
        onPage: async (page) => {
          await expectAccessible(page)
          // Nothing is cut off at the side.
          const excess = await page.evaluate(
            'document.documentElement.scrollWidth - document.documentElement.clientWidth',
          )
          expect(excess, `${page.url()} is wider than the screen`).toBe(0)
        },
      })
      expect(pages.filter(({ status }) => status !== 200)).toEqual([])
      expect(made.complaints).toEqual([])
      await made.context.close()
    },
    120_000,
  )

  it('has a login that can be used by everybody, and by keyboard alone', async () => {
    const { page, at, complaints, context } = await visit(browser(), platform(), host)
    await page.goto(at('/login'))
    await expectAccessible(page)
    await page.getByLabel(/e-?mail/i).focus()
    await page.keyboard.type(account.email)
    await page.keyboard.press('Tab')
    await page.keyboard.type(platform().secrets.demoPassword)
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => !url.pathname.startsWith('/login'))
    expect(complaints).toEqual([])
    await context.close()
  })

  it('sends whoever is not signed in to the login, from every page', async () => {
    const known = await signInAt(browser(), platform(), host, account)
    const paths = (await crawl(known, '/', { ofEachForm: 1 })).map(({ path }) => path)
    await known.context.close()
    const { page, at, context } = await visit(browser(), platform(), host)
    for (const path of paths) {
      await page.goto(at(path))
      expect(new URL(page.url()).pathname, path).toBe('/login')
    }
    await context.close()
  }, 60_000)
})
