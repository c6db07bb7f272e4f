/** What went wrong, said aloud. It is there before there is anything to say, or nobody would hear it. */
export function Problem({ words }: { readonly words: string }) {
  return (
    <p role="alert" className="problem">
      {words}
    </p>
  )
}
