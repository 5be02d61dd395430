import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { RequestParams } from '#core/contract/requests'
import { applyFix } from '#core/spec/apply-fix'
import type { SpecFix } from '#core/spec/issue'
import { runSpecSchema, type RunSpec } from '#core/spec/run-spec'
import { useTrainerStore } from '../run/trainer-store'
import { edit, historyOf, redo, undo, type History } from './history'
import {
  firstWorkspace,
  parseWorkspace,
  type DocumentProblem,
  type ViewChoices,
  type WorkspaceDocument,
} from './workspace-document'

type JsonValue = RequestParams<'saveWorkspace'>['document'][string]

const saveAfter = 400

/** The experiment on the bench: every change of its spec is undoable, and all of it saves itself. */
export const useWorkspaceStore = defineStore('workspace', () => {
  const trainer = useTrainerStore()
  const first = firstWorkspace()
  const history = shallowRef<History<RunSpec>>(historyOf(first.spec))
  const view = shallowRef<ViewChoices>(first.view)
  const restored = ref(false)
  let timer: ReturnType<typeof setTimeout> | null = null

  const spec = computed(() => history.value.present)
  const canUndo = computed(() => history.value.past.length > 0)
  const canRedo = computed(() => history.value.future.length > 0)
  const document = computed<WorkspaceDocument>(() => ({
    format: 'gradient-workbench',
    version: 1,
    spec: spec.value,
    view: view.value,
  }))

  /** A change that breaks the schema changes nothing; fields say so before they ask for one. */
  function change(next: RunSpec, mergeKey: string | null = null): boolean {
    const parsed = runSpecSchema.safeParse(next)
    if (parsed.success) history.value = edit(history.value, parsed.data, mergeKey)
    return parsed.success
  }

  function fix(how: SpecFix): void {
    change(applyFix(spec.value, how))
  }

  function setView(part: Partial<ViewChoices>): void {
    view.value = { ...view.value, ...part }
  }

  function replace(next: WorkspaceDocument): void {
    history.value = edit(history.value, next.spec)
    view.value = next.view
  }

  async function restore(): Promise<readonly DocumentProblem[]> {
    const answer = await trainer.attempt(() => trainer.connected().trainer.loadWorkspace({}))
    restored.value = true
    if (answer?.document == null) return []
    const parsed = parseWorkspace(answer.document)
    if (!parsed.ok) return parsed.error
    history.value = historyOf(parsed.value.spec)
    view.value = parsed.value.view
    return []
  }

  /** Writes what is not yet written. */
  function flush(): void {
    if (timer === null) return
    clearTimeout(timer)
    timer = null
    // Verified boundary: a parsed document holds nothing but JSON.
    const plain = JSON.parse(JSON.stringify(document.value)) as Record<string, JsonValue>
    void trainer.attempt(() => trainer.connected().trainer.saveWorkspace({ document: plain }))
  }

  watch(document, () => {
    if (!restored.value) return
    if (timer !== null) clearTimeout(timer)
    timer = setTimeout(flush, saveAfter)
  })

  return {
    spec,
    view,
    document,
    canUndo,
    canRedo,
    change,
    fix,
    setView,
    replace,
    restore,
    flush,
    undo: () => {
      history.value = undo(history.value)
    },
    redo: () => {
      history.value = redo(history.value)
    },
  }
})
