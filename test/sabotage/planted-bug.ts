/** A test, by its file and the end of its name. */
export interface NamedTest {
  readonly file: string
  /** The name as it stands in the file; every target that it runs on is meant. */
  readonly name: string
}

/** A bug that somebody could write, the test that must catch it, and one that it must pass. */
export interface PlantedBug {
  readonly name: string
  readonly file: string
  /** A piece of the file that stands in it once. */
  readonly find: string
  readonly replace: string
  readonly detector: NamedTest
  /** What still works with the bug in it, so that the detector is seen to be needed. */
  readonly happyPath: NamedTest
}
