export interface SelectOption<T extends string> {
  readonly value: T
  readonly label: string
  /** A second line that says what it is, or why it cannot be chosen. */
  readonly hint?: string | undefined
  readonly disabled?: boolean
}
