import { bench } from './en/bench'
import { depth } from './en/depth'
import { forms } from './en/forms'
import { gloss } from './en/gloss'
import { machine } from './en/machine'
import { pages } from './en/pages'
import { problems } from './en/problems'
import { shell } from './en/shell'
import { trials } from './en/trials'

/** Every text of the window. zh-cn.ts has the same keys; PyTorch's names are not translated. */
export const en = {
  ...shell,
  ...bench,
  ...pages,
  ...machine,
  ...gloss,
  ...trials,
  ...problems,
  ...forms,
  ...depth,
} as const
