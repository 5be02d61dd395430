import { computed, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { presets } from '#core/spec/presets'
import type { RunSpec } from '#core/spec/run-spec'
import { useSentence } from '../form/use-sentence'
import { placeOf } from '../network/place-of'
import { openTextFile, saveFile } from '../platform/files'
import type { ThemeChoice } from '../platform/preferences'
import { useTrainerStore } from '../run/trainer-store'
import { specIssues } from '../workspace/spec-issues'
import { parseProjectText, withWorkbenchDefaults } from '../workspace/workspace-document'
import { useWorkspaceStore } from '../workspace/workspace-store'
import type { PaletteEntry } from './CommandPalette.vue'
import { shortcuts, type CommandId } from './keymap'
import { pages, type PageId } from './pages'
import { presetTexts } from './preset-texts'
import { useProblemText } from './use-problem-text'

interface Surroundings {
  readonly page: Ref<PageId>
  readonly paletteOpen: Ref<boolean>
  readonly sheetOpen: Ref<boolean>
  readonly theme: Ref<ThemeChoice>
  readonly rename: () => void
  readonly toggleLanguage: () => void
}

/** Everything that a key, a button, the palette or the menu may ask for. */
export function useCommands(around: Surroundings) {
  const trainer = useTrainerStore()
  const workspace = useWorkspaceStore()
  const { t, locale } = useI18n()
  const problemText = useProblemText()
  const sentence = useSentence()

  const issues = computed(() => specIssues(workspace.spec))
  const firstError = computed(() => issues.value.find(({ severity }) => severity === 'error'))
  const blocked = computed(() =>
    firstError.value === undefined
      ? null
      : t('run.blocked', {
          place: placeOf(firstError.value.path, workspace.spec.model.layers, t('network.loss')),
          problem: sentence(firstError.value.problem),
        }),
  )
  const under = computed(
    () => trainer.view !== null && ['running', 'paused', 'idle'].includes(trainer.phase),
  )
  /** The bench and the run that is open no longer say the same. */
  const changed = computed(
    () =>
      under.value &&
      trainer.view !== null &&
      experimentOf(trainer.view.header.spec) !== experimentOf(workspace.spec),
  )

  function start(paused = false): Promise<void> {
    if (blocked.value !== null) {
      trainer.notify({ level: 'error', notice: { kind: 'said', text: blocked.value } })
      return Promise.resolve()
    }
    return trainer.start(workspace.spec, paused)
  }

  async function toggleRun(): Promise<void> {
    if (!trainer.usable || trainer.starting) return
    if (trainer.phase === 'running') await trainer.command('pauseRun')
    else if (under.value) await trainer.command('resumeRun')
    else await start()
  }

  async function stepWith(command: 'stepRun' | 'stepEpoch'): Promise<void> {
    if (!trainer.usable || trainer.starting || trainer.phase === 'running') return
    if (!under.value) await start(true)
    if (under.value) await trainer.command(command)
  }

  async function save(): Promise<void> {
    const text = `${JSON.stringify(workspace.document, null, 2)}\n`
    const name = workspace.spec.name.replace(/[^\p{L}\p{N}._-]+/gu, '-') || t('project.saveName')
    saveFile(`${name}.json`, new Blob([text], { type: 'application/json' }))
    await Promise.resolve()
  }

  async function open(): Promise<void> {
    const file = await openTextFile('.json,application/json')
    if (file === null) return
    const parsed = parseProjectText(file.text)
    if (parsed.ok) {
      workspace.replace(parsed.value)
      say('info', t('project.opened', { name: file.name }))
    } else
      say(
        'error',
        t('project.refused', { name: file.name }),
        parsed.error.map(problemText.ofDocument),
      )
  }

  function say(level: 'info' | 'error', text: string, details: readonly string[] = []): void {
    trainer.notify({ level, notice: { kind: 'said', text, details } })
  }

  function usePreset(id: string): void {
    const preset = presets.find((candidate) => candidate.id === id)
    if (preset !== undefined) workspace.change(withWorkbenchDefaults(preset.spec))
  }

  function goTo(index: number): void {
    around.page.value = pages[index] ?? around.page.value
  }

  function run(id: CommandId | 'restart'): void {
    switch (id) {
      case 'toggleRun':
        return void toggleRun()
      case 'step':
        return void stepWith('stepRun')
      case 'stepEpoch':
        return void stepWith('stepEpoch')
      case 'stop':
        if (trainer.usable && under.value) void trainer.command('stopRun')
        return
      case 'reset':
        if (trainer.usable) void start(true)
        return
      case 'restart':
        return void start()
      case 'resetNewSeed':
        workspace.change({
          ...workspace.spec,
          training: { ...workspace.spec.training, seed: randomSeed() },
        })
        if (trainer.usable) void start(true)
        return
      case 'undo':
        workspace.undo()
        return
      case 'redo':
        workspace.redo()
        return
      case 'save':
        return void save()
      case 'open':
        return void open()
      case 'palette':
        around.paletteOpen.value = true
        return
      case 'shortcuts':
        around.sheetOpen.value = true
        return
      case 'rename':
        around.rename()
        return
      case 'remove':
        // The selected card or row has the focus and takes the key itself.
        return
      case 'page1':
      case 'page2':
      case 'page3':
      case 'page4':
      case 'page5':
      case 'page6':
        goTo(Number(id.slice(-1)) - 1)
        return
    }
  }

  const palette = computed<readonly PaletteEntry[]>(() => [
    ...Object.entries(shortcuts)
      .filter(([id]) => !['palette', 'remove'].includes(id))
      .map(([key, shortcut]) => {
        // Verified boundary: the keys of `shortcuts` are command ids.
        const id = key as CommandId
        return {
          id,
          label: t(`command.${id}`),
          shortcut,
          run: () => {
            run(id)
          },
        }
      }),
    ...(
      [
        ['system', 'themeSystem'],
        ['light', 'themeLight'],
        ['dark', 'themeDark'],
      ] as const
    ).map(([choice, command]) => ({
      id: command,
      label: t(`command.${command}`),
      run: () => {
        around.theme.value = choice
      },
    })),
    {
      id: 'language',
      label: locale.value === 'en' ? t('command.chinese') : t('command.english'),
      run: around.toggleLanguage,
    },
    ...presetTexts.map(({ id, text }) => ({
      id,
      label: t(text),
      run: () => {
        usePreset(id)
      },
    })),
  ])

  return { run, blocked, changed, usePreset, entries: { issues, palette } }
}

/** What decides the course of a run; a name does not. */
function experimentOf(spec: RunSpec): string {
  return JSON.stringify({ ...spec, name: '', device: '' })
}

function randomSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
}
