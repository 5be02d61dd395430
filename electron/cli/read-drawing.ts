import { readFile } from 'node:fs/promises'
import { prepareDrawing } from '#core/data/drawing'
import { inkFromRgba } from '#core/data/ink'
import { decodePng } from '../data/png'
import { usageError } from './command'

/** The image in a PNG file as the network sees it, [28 * 28] 0..255, or null where it is empty. */
export async function readDrawing(path: string): Promise<Uint8Array | null> {
  let file: Uint8Array
  try {
    file = await readFile(path)
  } catch (error) {
    throw usageError(
      `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
  const image = decodePng(file)
  if (!image.ok) throw usageError(`${path} cannot be read: ${image.error}`)
  const { rgba, width, height } = image.value
  const drawing = prepareDrawing(inkFromRgba(rgba, width, height))
  return drawing.kind === 'digit' ? drawing.image28 : null
}
