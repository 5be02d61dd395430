import type { Answer, TrainerApi } from '#core/contract/answers'
import {
  parseRequest,
  requests,
  type ParsedParams,
  type RequestName,
} from '#core/contract/requests'

export type Handlers = {
  readonly [K in RequestName]: (params: ParsedParams<K>) => Promise<Answer<K>>
}

/** The API as windows call it: every request is parsed before its handler sees it. */
export function parsedApi(handlers: Handlers): TrainerApi {
  // The keys are those of `requests`, and each value is made by `parsed` for its own key.
  return Object.fromEntries(
    Object.keys(requests).map((name) => [name, parsed(name as RequestName, handlers)]),
  ) as TrainerApi
}

function parsed<K extends RequestName>(
  name: K,
  handlers: Handlers,
): (params: unknown) => Promise<Answer<K>> {
  return async (params) => {
    const request = parseRequest(name, params)
    if (!request.ok) throw new Error(request.error)
    return handlers[name](request.value)
  }
}
