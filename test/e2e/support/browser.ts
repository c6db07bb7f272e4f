import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { launchBrowser } from '../../../examples/platform/visit.ts'

const START_LIMIT_MS = 60_000

/** Starts Chromium for the tests of a file. Each visit has cookies of its own. */
export function useBrowser(): () => Browser {
  let browser: Browser | undefined
  beforeAll(async () => {
    browser = await launchBrowser()
  }, START_LIMIT_MS)
  afterAll(() => browser?.close(), START_LIMIT_MS)
  return () => {
    if (browser) return browser
    throw new Error('The browser has not been started: ask for it in a test.')
  }
}

/** Expects nothing that would keep somebody from using the page: no violation of level serious or critical. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  const grave = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => String(target)).join(', ')}`)
  expect(grave, `axe on ${page.url()}`).toEqual([])
}
