/** A programmer's error: a tensor or a width that does not fit; says what was expected and what was found. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError'
}
