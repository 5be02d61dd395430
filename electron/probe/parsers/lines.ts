/**
 * The lines of a text, without the last one where nothing ends it: an answer that breaks off in the middle of a number
 * would otherwise be read as a smaller number. Programs and the kernel end every line.
 */
export function completeLines(text: string): readonly string[] {
  return text.split(/\r?\n/).slice(0, -1)
}

/** The same as one text, each line ended by a single newline. */
export function completeText(text: string): string {
  return completeLines(text)
    .map((line) => `${line}\n`)
    .join('')
}
