import { beforeAll, describe, expect, it } from 'vitest'
import { fillLogin, PORTAL_HOST, signInAt, type Visit, visit } from '../../examples/platform/visit.ts'
import { ANNA, MIRA, OPS } from '../../examples/schema/seed/cast.ts'
import { LAKESIDE, SONNENHOF } from '../../examples/schema/seed/platform-clinics.ts'
import { useBrowser } from './support/browser.ts'
import { crawl } from './support/crawl.ts'
import { idsOf, ownIdsOf, rowsOf } from './support/tenant-rows.ts'
import { usePlatform } from './support/use-platform.ts'

const platform = usePlatform()
const browser = useBrowser()
let mira: Visit

beforeAll(async () => {
  mira = await signInAt(browser(), platform(), PORTAL_HOST, MIRA)
}, 60_000)

describe('a patient with profiles at two clinics', () => {
  it('sees both clinics, and none that does not know her', async () => {
    await mira.page.goto(mira.at('/'))
    const main = mira.page.getByRole('main')
    await main.getByText(SONNENHOF.name).first().waitFor()
    await main.getByText(LAKESIDE.name).first().waitFor()
    expect(await main.innerText()).not.toContain('Praxis Berg')
  })

  it("sees at each what that clinic wrote, and not the other's", async () => {
    await mira.page.goto(mira.at(`/clinics/${SONNENHOF.slug}`))
    const atSonnenhof = await mira.page.getByRole('main').innerText()
    await mira.page.goto(mira.at(`/clinics/${LAKESIDE.slug}`))
    const atLakeside = await mira.page.getByRole('main').innerText()
    expect([atSonnenhof.includes('Hay fever'), atSonnenhof.includes('Knee pain')]).toEqual([true, false])
    expect([atLakeside.includes('Hay fever'), atLakeside.includes('Knee pain')]).toEqual([false, true])
  })

  it('sees no id of anybody else on any page', async () => {
    for (const { tenantId } of [SONNENHOF, LAKESIDE]) {
      const own = await ownIdsOf(platform(), tenantId, MIRA.personId)
      const all = await idsOf(platform(), tenantId)
      await crawl(mira, '/', {
        onPage: async (page) => {
          const shown = (await page.content()).match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? []
          expect(shown.filter((id) => all.has(id) && !own.has(id))).toEqual([])
        },
      })
    }
  })

  it('finds nothing at the addresses of clinics that do not know her, and of rows that are not hers', async () => {
    const rows = await rowsOf(platform(), SONNENHOF.tenantId, MIRA.personId)
    for (const path of ['/clinics/berg', '/clinics/lindenhof', '/clinics/none', `/clinics/${rows.patient}`]) {
      const response = await mira.page.goto(mira.at(path))
      expect(response?.status(), path).toBe(404)
    }
  })
})

describe('the portal', () => {
  it.each([
    ['staff', ANNA],
    ['operators', OPS],
  ])('is not for %s', async (_who, account) => {
    const { page, at, context } = await visit(browser(), platform(), PORTAL_HOST)
    await page.goto(at('/login'))
    await fillLogin(page, account.email, platform().secrets.demoPassword)
    await page.getByRole('alert').filter({ hasText: /\S/ }).first().waitFor()
    expect(new URL(page.url()).pathname).toBe('/login')
    await context.close()
  })
})
