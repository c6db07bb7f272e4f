import { type Claims, TOKEN_AUDIENCE } from '@clinic/kit'
import type { SeededAccount } from '@clinic/schema/seed'

/** Accounts by the issuer that knows them, and by their address. The same address may be known to two issuers. */
export class Accounts {
  readonly #byAddress: ReadonlyMap<string, SeededAccount>

  constructor(accounts: readonly SeededAccount[]) {
    this.#byAddress = new Map(accounts.map((account) => [addressOf(account.issuer, account.email), account]))
  }

  find(issuer: string, email: string): SeededAccount | undefined {
    return this.#byAddress.get(addressOf(issuer, email.trim().toLowerCase()))
  }
}

function addressOf(issuer: string, email: string): string {
  return `${issuer}\n${email}`
}

/** What a token says of an account, beside its times. */
export function claimsOf(account: SeededAccount, iss: string): Claims & { readonly aud: string } {
  const said = { iss, aud: TOKEN_AUDIENCE, sub: account.userId, name: account.name }
  switch (account.role) {
    case 'staff':
      return { ...said, role: 'staff', tenant: account.tenantId }
    case 'patient':
      return { ...said, role: 'patient', person: account.personId, clinics: [...account.clinics] }
    case 'operator':
      return { ...said, role: 'operator' }
  }
}
