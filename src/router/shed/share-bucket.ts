/** How many may go at once after a quiet time, however small their share is. */
const BURST = 50

/** Lets a share of all that passes do something, counted as it goes: each that passes earns a part of one. */
export class ShareBucket {
  readonly #share: number
  #left: number = BURST

  /** @param share from 0 to 1; with 1 there is no limit */
  constructor(share: number) {
    this.#share = share
  }

  earn(): void {
    this.#left = Math.min(BURST, this.#left + this.#share)
  }

  /** Takes one; `false` where none is left. */
  spend(): boolean {
    if (this.#share >= 1) return true
    if (this.#left < 1) return false
    this.#left -= 1
    return true
  }
}
