/**
 * Whether a request that changes something was sent by a page of the same host, as far as the browser says. `SameSite=Lax` does not say
 * it: clinics are hosts of one site, and an answer to another site's form may still take a cookie away.
 *
 * @param headers of the request; a client that is no browser sends neither `Sec-Fetch-Site` nor `Origin`, and has no cookie to lose
 * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
export function isSameOrigin(headers: Pick<Headers, 'get'>): boolean {
  const site = headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin'
  const origin = headers.get('origin')
  if (origin === null) return true
  // What the edge says; without one the host as it was sent.
  const host = headers.get('x-forwarded-host') ?? headers.get('host')
  return URL.canParse(origin) && new URL(origin).host === host
}
