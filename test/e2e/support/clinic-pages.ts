import type { Page } from 'playwright-core'

type At = (path: string) => string

/** Registers somebody by the clinic's form. @returns the path of the new chart */
export async function registerPatient(
  page: Page,
  at: At,
  { given, family, born }: { readonly given: string; readonly family: string; readonly born: string },
): Promise<string> {
  await page.goto(at('/patients'))
  await page
    .getByRole('link', { name: /new patient|register/i })
    .first()
    .click()
  await page.getByLabel(/given name|first name/i).fill(given)
  await page.getByLabel(/family name|last name|surname/i).fill(family)
  await page.getByLabel(/birth|born/i).fill(born)
  await page
    .getByRole('main')
    .getByRole('button', { name: /register|save|add|create/i })
    .click()
  await page.waitForURL(/\/patients\/[0-9a-f-]{36}/)
  return new URL(page.url()).pathname
}

/** Adds an entry to a chart. */
export async function addRecord(page: Page, at: At, chart: string, text: string): Promise<void> {
  await page.goto(at(chart))
  await openForm(page, /new (record|entry)|add (record|entry)/i)
  await page
    .getByLabel(/text|entry|note|body|finding/i)
    .last()
    .fill(text)
  await page
    .getByRole('main')
    .getByRole('button', { name: /save|add|write/i })
    .last()
    .click()
}

/** Books the patient of a chart for tomorrow. */
export async function bookAppointment(page: Page, at: At, chart: string): Promise<void> {
  await page.goto(at(chart))
  await openForm(page, /new appointment|book/i)
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
  const moment = page.locator('input[type="datetime-local"]')
  if ((await moment.count()) > 0) await moment.first().fill(`${tomorrow}T09:30`)
  else {
    await page.locator('input[type="date"]').first().fill(tomorrow)
    const time = page.locator('input[type="time"]')
    if ((await time.count()) > 0) await time.first().fill('09:30')
  }
  await page
    .getByRole('main')
    .getByRole('button', { name: /book|save|add/i })
    .last()
    .click()
  await page.waitForLoadState('networkidle')
}

/** Says that the first patient of today has arrived, or what else can be said of them. */
export async function changeFirstStatus(page: Page, at: At): Promise<void> {
  await page.goto(at('/'))
  await page
    .getByRole('main')
    .getByRole('button', { name: /arrived|done|missed|cancel/i })
    .first()
    .click()
  await page.waitForLoadState('networkidle')
}

/** Follows a link to the form, where the form is on a page of its own. */
async function openForm(page: Page, name: RegExp): Promise<void> {
  const link = page.getByRole('main').getByRole('link', { name })
  if ((await link.count()) > 0) await link.first().click()
}
