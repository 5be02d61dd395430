import { chromium, type Page } from '@playwright/test'
import type { Contender, Timing } from '../../electron/bench/contender'
import type { StandardNet } from '../../electron/bench/standard-nets'
import { servePage, type PageFolders } from './js/serve-page'

export interface BrowserContenderParts {
  /** What page.ts calls it. */
  readonly rival: string
  readonly folders: PageFolders
  /** Of a Chromium. */
  readonly executablePath: string
}

/** A rival in a browser of its own, on as many threads as it takes. */
export class BrowserContender implements Contender {
  readonly name: string
  readonly family: string
  readonly threads: number
  readonly device = 'cpu'
  private readonly page: Page
  private readonly end: () => Promise<void>

  /** Rejects, with what the page said, where the rival cannot run. */
  static async open(parts: BrowserContenderParts): Promise<BrowserContender> {
    const { rival, folders, executablePath } = parts
    const server = await servePage(folders)
    const args = ['--no-sandbox', '--disable-background-networking']
    const browser = await chromium.launch({ executablePath, args })
    const end = async (): Promise<void> => {
      await browser.close()
      server.close()
    }
    try {
      const page = await browser.newPage()
      await page.goto(server.url)
      await page.waitForFunction(() => 'openRival' in window)
      const threads = await page.evaluate((name) => window.openRival(name), rival)
      return new BrowserContender(rival, threads, page, end)
    } catch (error) {
      await end()
      throw error
    }
  }

  private constructor(rival: string, threads: number, page: Page, end: () => Promise<void>) {
    this.name = `${rival} in Chromium`
    this.family = rival
    this.threads = threads
    this.page = page
    this.end = end
  }

  measure(net: StandardNet): Promise<Timing> {
    return this.page.evaluate((asked) => window.measureRival(asked), net)
  }

  release(): Promise<void> {
    return Promise.resolve()
  }

  close(): Promise<void> {
    return this.end()
  }
}
