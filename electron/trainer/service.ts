import { hostname } from 'node:os'
import type { Answer, PredictionAnswer, TrainerApi } from '#core/contract/answers'
import type { DeviceDecision } from '#core/contract/device-reason'
import type { TrainerEvent } from '#core/contract/events'
import type { MachineMeasurement, MachineReport } from '#core/contract/machine'
import type { ParsedParams } from '#core/contract/requests'
import type { Dataset } from '#core/data/dataset'
import { applyOverrides } from '#core/machine/override'
import type { RunSpec } from '#core/spec/run-spec'
import type { Result } from '#core/tensor/result'
import type { Probing } from '../probe/probe'
import { ProbeCache } from '../probe/probe-cache'
import type { RunStore } from '../store/run-store'
import type { ActiveRun, RunHost, RunRefusal } from './active-run'
import { previewAugment } from './augment-preview'
import type { BundledModel } from './bundled-model'
import { checkSpec } from './check-spec'
import type { CorrectionsFile } from './corrections-file'
import { decideDevice } from './decide-device'
import { DepthProfiles } from './depth-profiles'
import type { DeviceDesk } from './device-desk'
import { Measuring } from './measuring'
import { openEndedRun } from './open-ended-run'
import { reopenRun, startRun } from './open-run'
import { parsedApi, type Handlers } from './parsed-api'
import { parityCheck, rangeTest } from './rehearsals'
import type { WorkspaceFile } from './workspace-file'

export interface ServiceParts {
  readonly host: 'desktop' | 'serve'
  readonly version: string
  readonly engineScript: URL
  readonly threads: number
  readonly desk: DeviceDesk
  /** Path of parity.json. */
  readonly parityCases: string
  readonly store: RunStore
  readonly workspace: WorkspaceFile
  readonly corrections: CorrectionsFile
  readonly dataset: Promise<Dataset>
  readonly bundled: Promise<BundledModel>
  readonly probe: () => Probing
  /** Tells every window. */
  readonly broadcast: (event: TrainerEvent) => void
}

/** Answers what windows ask. At most one run is open; it outlives the windows that look at it. */
export class TrainerService {
  readonly api: TrainerApi
  private readonly parts: ServiceParts
  private current: ActiveRun | null = null
  private readonly machine: ProbeCache
  private readonly measuring: Measuring
  private readonly profiles: DepthProfiles
  /** Opening and closing runs happens one after the other. */
  private queue: Promise<unknown> = Promise.resolve()

  constructor(parts: ServiceParts) {
    this.parts = parts
    this.machine = new ProbeCache(parts.probe)
    this.measuring = new Measuring(parts)
    this.profiles = new DepthProfiles(parts.engineScript)
    this.api = parsedApi(this.handlers())
  }

  /** Ends the open run with a checkpoint. */
  async shutdown(): Promise<void> {
    this.measuring.cancel()
    this.profiles.cancel()
    await this.inTurn(async () => {
      await this.current?.close()
      this.current = null
    })
  }

  private handlers(): Handlers {
    const { store, workspace, corrections } = this.parts
    return {
      hello: () => this.hello(),
      machine: (params) => this.probe(params),
      correctMachine: async ({ path, value }) => {
        await corrections.set(path, value)
        return this.probe({ refresh: false, patient: false })
      },
      measureMachine: ({ spec }) => this.inTurn(() => this.measure(spec)),
      fitMachine: ({ spec }) => this.measuring.fit(spec),
      decideDevice: ({ spec }) => this.inTurn(() => this.decide(spec)),
      cancelMeasurement: () => {
        this.measuring.cancel()
        return Promise.resolve(null)
      },
      loadWorkspace: async () => ({ document: await workspace.load() }),
      saveWorkspace: async ({ document }) => {
        await workspace.save(document)
        return null
      },
      startRun: (params) => this.inTurn(() => this.start(params)),
      reopenRun: (params) => this.inTurn(() => this.reopen(params)),
      pauseRun: () => this.onRun((run) => run.trainer.pause()),
      resumeRun: () => this.onRun((run) => void run.trainer.run()),
      stepRun: () => this.onRun((run) => run.trainer.takeStep()),
      stepEpoch: () => this.onRun((run) => void run.trainer.takeEpoch()),
      stopRun: () => this.onRun((run) => run.trainer.stop()),
      snapshot: () => Promise.resolve({ run: this.current?.snapshot() ?? null }),
      predict: (params) => this.predict(params),
      listRuns: () => store.list(),
      readRun: async ({ id }) => valueOf(await store.read(id)),
      deleteRun: async ({ id }) => valueOf(await store.trash(id)),
      restoreRun: async ({ id }) => valueOf(await store.restore(id)),
      images: (params) => this.images(params),
      augmentPreview: async (params) => previewAugment((await this.parts.dataset).train, params),
      depthProfile: async ({ spec }) => {
        const dataset = await this.parts.dataset
        const checked = checkSpec(spec, dataset)
        if (!checked.ok) throw new Error(checked.error)
        return this.profiles.profile(spec, dataset)
      },
      rangeTest: async (params) => rangeTest(await this.runHost(), params),
      parityCheck: async () => parityCheck(await this.runHost(), this.parts.parityCases),
    }
  }

  private async hello(): Promise<Answer<'hello'>> {
    const { host, version, desk, store } = this.parts
    if (desk.adapters.known === null) void this.lookForGpu()
    const dataset = await this.parts.dataset
    return {
      version,
      host,
      hostName: hostname(),
      devices: desk.list(),
      dataset: {
        name: dataset.name,
        train: dataset.train.count,
        test: dataset.test.count,
        hash: dataset.hash,
      },
      runsFolder: store.folder,
    }
  }

  /** Windows hear of it when the GPU has answered; `hello` waits for no driver. */
  private async lookForGpu(): Promise<void> {
    const { desk, broadcast } = this.parts
    await desk.adapters.best()
    broadcast({ type: 'devices', devices: desk.list() })
  }

  private async probe({ refresh, patient }: ParsedParams<'machine'>): Promise<MachineReport> {
    if (refresh) {
      this.machine.forget()
      this.parts.desk.adapters.forget()
      void this.lookForGpu()
    }
    return applyOverrides(await this.machine.get(patient), await this.parts.corrections.load())
  }

  /** Both would be slower than they are, and neither would be true. */
  private measure(spec: RunSpec): Promise<MachineMeasurement> {
    this.refuseWhileTraining()
    return this.measuring.measure(spec)
  }

  private async decide(spec: RunSpec): Promise<DeviceDecision> {
    this.refuseWhileTraining()
    return decideDevice(await this.runHost(), spec)
  }

  private refuseWhileTraining(): void {
    if (this.current?.trainer.state.phase === 'running')
      throw new Error('A run is training: pause it, then measure')
  }

  private async start({ spec, paused }: ParsedParams<'startRun'>): Promise<Answer<'startRun'>> {
    return this.open(await startRun(await this.runHost(), spec), paused)
  }

  private async reopen({ id, resume }: ParsedParams<'reopenRun'>): Promise<Answer<'reopenRun'>> {
    if (this.current?.header.id === id) {
      const { phase } = this.current.state
      if (this.current.isOpen || phase === 'finished' || (phase === 'stopped' && !resume))
        return this.current.snapshot()
      await this.current.close()
      this.current = null
    }
    const host = await this.runHost()
    const ending = await host.store.ending(id)
    if (ending === 'finished' || (ending === 'stopped' && !resume))
      return this.open(await openEndedRun(host, id, ending), true)
    const run = await reopenRun(host, id)
    // Its process died after the last epoch: only the test was left to do.
    if (run.ok && run.value.trainer.progress.epoch >= run.value.header.spec.training.epochs)
      await run.value.trainer.run()
    return this.open(run, true)
  }

  /** Only when the new run stands is the old one let go. */
  private async open(
    run: Result<ActiveRun, RunRefusal>,
    paused: boolean,
  ): Promise<Answer<'startRun'>> {
    if (!run.ok) throw new Error(run.error.message)
    await this.current?.close()
    this.current = run.value
    const snapshot = run.value.snapshot()
    this.parts.broadcast({ type: 'opened', open: snapshot })
    if (!paused) void run.value.trainer.run()
    return snapshot
  }

  private async onRun(act: (run: ActiveRun) => unknown): Promise<null> {
    if (this.current === null) throw new Error('No run is open: start one first')
    if (this.current.isOpen) await act(this.current)
    return null
  }

  private async predict({
    pixels,
    model,
    activations,
  }: ParsedParams<'predict'>): Promise<PredictionAnswer> {
    const request = { pixels: Uint8Array.from(pixels), count: 1, activations }
    const begun = performance.now()
    const run = this.current
    if (model === 'current' && run === null) throw new Error('No run is open: start one first')
    const bundled = await this.parts.bundled
    const answering = model === 'current' ? run : null
    const by =
      answering === null
        ? null
        : { name: answering.header.spec.name, step: answering.trainer.progress.step }
    const prediction = await (answering?.trainer ?? bundled).predict(request)
    const probabilities = [...prediction.probabilities]
    return {
      digit: probabilities.indexOf(Math.max(...probabilities)),
      probabilities,
      activations: prediction.activations.map(({ layer, values }) => ({
        layer,
        values: [...values],
      })),
      model: by === null ? bundled.name : `${by.name}, step ${by.step}`,
      run: by,
      milliseconds: performance.now() - begun,
    }
  }

  private async images({ set, start, count }: ParsedParams<'images'>): Promise<Answer<'images'>> {
    const { images, labels } = (await this.parts.dataset)[set]
    return {
      pixels: Buffer.from(images.subarray(start * 784, (start + count) * 784)).toString('base64'),
      labels: [...labels.subarray(start, start + count)],
    }
  }

  private async runHost(): Promise<RunHost> {
    const { store, desk, version, broadcast } = this.parts
    const dataset = await this.parts.dataset
    return { store, dataset, desk, version, send: broadcast }
  }

  private inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.queue.then(act)
    this.queue = done.catch(() => undefined)
    return done
  }
}

function valueOf<T>(result: Result<T, string>): T {
  if (!result.ok) throw new Error(result.error)
  return result.value
}
