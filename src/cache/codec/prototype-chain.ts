/**
 * How many prototypes an object has. Tells what the language made from what a class made, and, unlike `instanceof`, does so across
 * realms, as the ones that some test runners make: an object literal has 1, an array, date, map or set 2, a `Uint8Array` 3.
 */
export function countPrototypes(value: object): number {
  let count = 0
  for (let next: unknown = Object.getPrototypeOf(value); next; next = Object.getPrototypeOf(next)) count += 1
  return count
}
