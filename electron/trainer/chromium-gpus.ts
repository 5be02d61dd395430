import { mainNewsSchema } from '#core/contract/desktop'
import type { UtilityParent } from './utility-parent'

/** What main tells of Chromium's view of the cards, once it has; main does so each time it starts the trainer. */
export function chromiumGpus(parent: UtilityParent): () => Promise<unknown> {
  const told = new Promise<unknown>((resolve) => {
    parent.on('message', ({ data }) => {
      const news = mainNewsSchema.safeParse(data)
      if (news.success && news.data.type === 'chromium-gpus') resolve(news.data.info)
    })
  })
  return () => told
}
