import type { SeededAccount } from '@clinic/schema/seed'
import type { EdgeClient } from './edge-client.ts'

/** An access token of an account, asked of its issuer through the edge. @throws when it is refused */
export async function signIn(
  client: EdgeClient,
  { issuer, email }: Pick<SeededAccount, 'issuer' | 'email'>,
  password: string,
): Promise<string> {
  const { status, text } = await client.call({
    host: 'id.platform.localhost',
    method: 'POST',
    path: `/issuers/${issuer}/token`,
    body: { email, password },
  })
  if (status !== 200) throw new Error(`${email} could not sign in: ${status}.`)
  return (JSON.parse(text) as { access_token: string }).access_token
}
