import { execFileSync } from 'node:child_process'
import { expect, test } from './served-workbench'

test.use({ locale: 'en-US' })

/** Children of `serve`: its trainer process. */
function childrenOf(pid: number): readonly number[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child, parent]) => (parent === pid && child !== undefined ? [child] : []))
}

test('when the trainer is killed in the middle of a run, the page says so, keeps its curves and resumes', async ({
  page,
  workbench,
}) => {
  const noProcessList = 'needs ps to find the trainer process, which Windows does not have'
  if (process.platform === 'win32') console.log(`skipped: ${noProcessList}`)
  test.skip(process.platform === 'win32', noProcessList)
  await page.goto(workbench.url)
  const progress = page.getByRole('status', { name: 'Progress' })
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(progress).toHaveText(/epoch\s*[2-9]\/10/, { timeout: 120_000 })
  const [trainer] = childrenOf(workbench.server.pid ?? -1).filter((pid) =>
    execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).includes(
      'trainer',
    ),
  )
  expect(trainer).toBeDefined()
  process.kill(trainer ?? -1, 'SIGKILL')
  await expect(page.getByText(/The trainer process ended/)).toBeVisible()
  await expect(page.getByTestId('chart-loss')).toBeVisible()
  await page.getByRole('button', { name: 'Resume from the last checkpoint' }).click()
  await expect(page.getByText(/The trainer process ended/)).toBeHidden({ timeout: 60_000 })
  // It was running, so it goes on by itself.
  await expect(progress).toHaveText(/epoch\s*10\/10/, { timeout: 300_000 })
})
