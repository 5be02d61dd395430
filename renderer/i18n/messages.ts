import type {} from 'vue-i18n'
import type { en } from './en'

type Texts<T> = { readonly [K in keyof T]: T[K] extends string ? string : Texts<T[K]> }

/** The shape that every language fills. */
export type Messages = Texts<typeof en>

declare module 'vue-i18n' {
  // Keys are checked where they are used.
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type
  export interface DefineLocaleMessage extends Messages {}
}
