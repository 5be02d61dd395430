import { en } from '../i18n/en'

/** Whether a leaf's name has words of its own. */
export function isNamedLeaf(key: string): key is keyof typeof en.machine.leaf {
  return key in en.machine.leaf
}
