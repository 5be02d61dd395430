/** Where a floating box of `size` goes beside its `anchor` so that it stays inside the `view`; all in px. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

const gap = 4
const margin = 8

/** Below the anchor if it fits or if there is more room than above; aligned at the start, pushed in from the edges. */
export function placeBeside(
  anchor: Box,
  size: { readonly width: number; readonly height: number },
  view: { readonly width: number; readonly height: number },
  align: 'start' | 'end',
): { left: number; top: number; maxHeight: number } {
  const below = view.height - (anchor.top + anchor.height) - gap - margin
  const above = anchor.top - gap - margin
  const goesBelow = size.height <= below || below >= above
  const maxHeight = Math.max(80, goesBelow ? below : above)
  const height = Math.min(size.height, maxHeight)
  const wished = align === 'start' ? anchor.left : anchor.left + anchor.width - size.width
  return {
    left: Math.max(margin, Math.min(wished, view.width - size.width - margin)),
    top: goesBelow ? anchor.top + anchor.height + gap : anchor.top - gap - height,
    maxHeight,
  }
}
