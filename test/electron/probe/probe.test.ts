import { expect, test } from 'vitest'
import type { MachineReport } from '#core/machine/report'
import { askedWebGpu } from '#core/machine/verdict'
import { fail, ok } from '#core/tensor/result'
import type { Host } from '../../../electron/probe/host'
import { localHost } from '../../../electron/probe/local-host'
import { probeMachine, startProbe } from '../../../electron/probe/probe'
import { ProbeCache } from '../../../electron/probe/probe-cache'
import { chromiumProber } from '../../../electron/probe/probers/chromium'
import { machine as vm } from './machines/vm-without-gpu'
import { recordedHost } from './recorded-host'

const host = recordedHost(vm)

test('this machine is probed, and its report is plain JSON', async () => {
  const report = await probeMachine()
  expect(report.type).toBe('machine')
  expect(report.cpu.threads.value).toBeGreaterThan(0)
  expect(report.memory.total.value).toBeGreaterThan(0)
  expect(JSON.parse(JSON.stringify(report))).toEqual(report)
})

test('a source that hangs costs its timeout and leaves the others standing', async () => {
  const hanging: Host = { ...host, run: () => new Promise(() => undefined) }
  const report = await probeMachine({ host: hanging, timeoutMs: 30 })
  const outcome = (name: string) => report.probers.find(({ prober }) => prober === name)?.outcome
  expect(outcome('nvidia-smi')).toBe('timeout')
  expect(outcome('/proc/meminfo')).toBe('ok')
  expect(report.memory.total.value).not.toBeNull()
})

test('a source that throws is a failed source', async () => {
  const throwing: Host = {
    ...host,
    list: () => {
      throw new Error('the disk is on fire')
    },
  }
  const report = await probeMachine({ host: throwing })
  const failed = report.probers.filter(({ outcome }) => outcome === 'failed')
  expect(failed.map(({ prober }) => prober)).toEqual(['PCI sysfs', 'CPU sysfs'])
  expect(failed[0]?.detail).toContain('the disk is on fire')
})

test('adapters that do not come in time, or fail, are left out', async () => {
  const never = () => new Promise<never>(() => undefined)
  expect((await probeMachine({ host, webgpu: never, timeoutMs: 20 })).webgpu).toEqual([])
  const failing = () => Promise.reject(new Error('no adapter'))
  expect((await probeMachine({ host, webgpu: failing })).webgpu).toEqual([])
  const without = await probeMachine({ host, webgpu: () => Promise.resolve(fail('no driver')) })
  expect(without.probers.at(-1)).toMatchObject({
    prober: 'WebGPU',
    outcome: 'missing',
    detail: 'no driver',
  })
  expect(askedWebGpu(without)).toBe(true)
  expect(askedWebGpu(await probeMachine({ host, webgpu: never, timeoutMs: 20 }))).toBe(false)
})

test('who is late is missing from the first report and stands in the whole one', async () => {
  const answering = defer()
  const slow: Host = {
    ...host,
    readText: async (path) => {
      if (path === '/proc/meminfo') await answering.promise
      return host.readText(path)
    },
  }
  const cache = new ProbeCache(() => startProbe({ host: slow, timeoutMs: 30, patienceMs: 20_000 }))
  const first = await cache.get(false)
  const outcome = ({ probers }: MachineReport) =>
    probers.find(({ prober }) => prober === '/proc/meminfo')?.outcome
  expect(outcome(first)).toBe('timeout')
  const patient = cache.get(true)
  answering.resolve()
  expect(outcome(await patient)).toBe('ok')
  expect(await cache.get(false)).toBe(await patient)
})

test('more sources can be added', async () => {
  const chromium = chromiumProber(() =>
    Promise.resolve({ gpuDevice: [{ vendorId: 0x8086, deviceId: 0x9a49, driverVersion: '1.2' }] }),
  )
  const report = await probeMachine({ host, extra: [chromium] })
  expect(report.gpus[0]?.vendor.value).toBe('Intel')
  expect(report.gpus[0]?.driver.source).toBe('Chromium')
})

test('the cache probes once until it is refreshed', async () => {
  let probes = 0
  const counting: Host = {
    ...host,
    runtime: () => {
      probes++
      return host.runtime()
    },
  }
  const cache = new ProbeCache(() => startProbe({ host: counting }))
  const [first, second] = await Promise.all([cache.get(false), cache.get(true)])
  expect(second).toBe(first)
  expect(await cache.get(false)).toBe(first)
  expect(probes).toBe(1)
  cache.forget()
  await cache.get(false)
  expect(probes).toBe(2)
})

test('a program is run without a shell, stopped when it takes too long, and told apart from a missing one', async () => {
  const node = process.execPath
  const print = ['-e', 'process.stdout.write(process.argv[1]); process.exitCode = 3', '$HOME; *']
  expect(await localHost.run(node, print, 20_000)).toEqual(ok({ stdout: '$HOME; *', exitCode: 3 }))
  const slow = await localHost.run(node, ['-e', 'setInterval(() => {}, 1000)'], 100)
  expect(slow).toMatchObject({ ok: false, error: { reason: 'timeout' } })
  const missing = await localHost.run('there-is-no-such-program', [], 1000)
  expect(missing).toMatchObject({ ok: false, error: { reason: 'missing' } })
})

function defer(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
