import type { CatalogClient } from '../../../rls/catalog/catalog-client.ts'

/** Runs a query whose rows are one JSON text each, so that no type parser of the application's has a say in what it means. */
export async function readFacts<Fact>(
  client: CatalogClient,
  text: string,
  values?: readonly unknown[],
): Promise<Fact[]> {
  const { rows } = await client.query(text, values)
  return (rows as readonly { readonly fact: string }[]).map(({ fact }) => JSON.parse(fact) as Fact)
}
