import type { Page } from 'playwright-core'
import type { Visit } from '../../../examples/platform/visit.ts'

/** A page that a crawl came by. */
export interface CrawledPage {
  readonly path: string
  readonly status: number
}

const IDS = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

export interface CrawlOptions {
  /** Pages of the same form that are visited: charts differ only in whose they are. @default 2 */
  readonly ofEachForm?: number
  /** Is called on each page. */
  readonly onPage?: (page: Page) => Promise<void>
}

/** Follows links of the same host from a path on, as a person would who clicks on everything. */
export async function crawl(
  { page, at }: Pick<Visit, 'page' | 'at'>,
  from: string,
  { ofEachForm = 2, onPage = async () => {} }: CrawlOptions = {},
): Promise<readonly CrawledPage[]> {
  const known = new Set([from])
  const waiting = [from]
  const visited = new Map<string, number>()
  const pages: CrawledPage[] = []
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const times = visited.get(formOf(path)) ?? 0
    if (times >= ofEachForm) continue
    visited.set(formOf(path), times + 1)
    const response = await page.goto(at(path))
    pages.push({ path, status: response?.status() ?? 0 })
    await onPage(page)
    for (const link of await linksOf(page)) {
      if (known.has(link) || /log-?out|sign-?out/.test(link)) continue
      known.add(link)
      waiting.push(link)
    }
  }
  return pages
}

/** Paths of the page's own host, with their queries. */
async function linksOf(page: Page): Promise<readonly string[]> {
  const origin = new URL(page.url()).origin
  const links = await page
    .locator('a[href]')
    .evaluateAll((anchors) => anchors.map((anchor) => (anchor as unknown as { href: string }).href))
  return links.flatMap((link) => {
    const url = new URL(link)
    return url.origin === origin ? [`${url.pathname}${url.search}`] : []
  })
}

/** Paths of one form differ in their ids and in the values of their queries. */
export function formOf(path: string): string {
  const url = new URL(path, 'http://host')
  return `${url.pathname.replace(IDS, ':id')}?${[...url.searchParams.keys()].sort().join('&')}`
}
