export const pages = ['bench', 'machine', 'data', 'evaluate', 'runs'] as const
export type PageId = (typeof pages)[number]
