export const pages = ['bench', 'machine', 'data', 'evaluate', 'runs', 'about'] as const
export type PageId = (typeof pages)[number]
