// What the server has: its models and, if it is ArchGen or llama.cpp, its defaults.
import { settings, type SamplingName } from '../stores/settings';
import { Store } from '../stores/store';
import { networkProblem, ProblemError, problemOf } from './problems';
import type { Problem } from '../data/types';

export interface Model {
  id: string;
  /** Whether it is in memory; null if the server does not tell. */
  load: 'loaded' | 'loading' | 'unloaded' | 'failed' | null;
  contextTokens: number | null;
}

export interface Server {
  state: 'asking' | 'there' | 'problem';
  models: Model[];
  problem: Problem | null;
  /** Whether it knows llama.cpp's fields; null until that is known. */
  hasProps: boolean | null;
  contextTokens: number | null;
  defaults: Partial<Record<SamplingName, number>>;
}

export const server = new Store<Server>({ state: 'asking', models: [], problem: null, hasProps: null, contextTokens: null, defaults: {} });

export function headers(): Record<string, string> {
  const { key } = settings.get();
  return key ? { Authorization: `Bearer ${key}` } : {};
}

/** Fetches a path below the page's own address. */
export async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers: { ...headers(), ...init.headers } });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ProblemError(networkProblem());
  }
  if (!response.ok) throw new ProblemError(await problemOf(response, settings.get().key !== ''));
  return response;
}

let polling: number | undefined;

/** Asks for the models, and again while one of them is being loaded. */
export async function refresh(): Promise<void> {
  clearTimeout(polling);
  try {
    const list = await (await ask('v1/models')).json();
    const models: Model[] = (Array.isArray(list?.data) ? list.data : []).map(readModel);
    if (server.get().hasProps === null) await readProps();
    server.change({ state: 'there', models, problem: null });
    if (models.some((model) => model.load === 'loading')) polling = window.setTimeout(refresh, 1500);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    server.change({ state: 'problem', problem: error.problem });
    if (error.problem.kind === 'unavailable') polling = window.setTimeout(refresh, 1500);
  }
}

/** Asks for everything again, since a key may show more. */
export function reconnect(): Promise<void> {
  server.change({ hasProps: null });
  return refresh();
}

/** The model that is asked. */
export function currentModel(): Model | undefined {
  const { models } = server.get();
  const chosen = settings.get().model;
  return models.find((model) => model.id === chosen) ?? models[0];
}

function readModel(item: Record<string, any>): Model {
  const state = item.status?.value ?? item.state;
  const known = ['loaded', 'loading', 'unloaded', 'failed'] as const;
  const context = item.meta?.n_ctx ?? item.max_model_len ?? item.context_length;
  return {
    id: String(item.id),
    // One that sleeps is loaded when it is asked, too.
    load: state === 'sleeping' ? 'unloaded' : known.find((name) => name === state) ?? null,
    contextTokens: typeof context === 'number' && context > 0 ? context : null,
  };
}

async function readProps(): Promise<void> {
  try {
    const props = await (await ask('props')).json();
    const generation = props?.default_generation_settings ?? {};
    const parameters = generation.params ?? generation;
    const defaults: Partial<Record<SamplingName, number>> = {};
    const names: SamplingName[] = ['temperature', 'top_p', 'top_k', 'min_p', 'repeat_penalty', 'presence_penalty', 'frequency_penalty'];
    for (const name of names) {
      if (typeof parameters[name] === 'number') defaults[name] = Math.round(parameters[name] * 1e4) / 1e4;
    }
    server.change({ hasProps: true, contextTokens: typeof generation.n_ctx === 'number' ? generation.n_ctx : null, defaults });
  } catch (error) {
    // Only OpenAI's API is there, unless the server will tell later.
    const isLater = error instanceof ProblemError && ['unavailable', 'key', 'network'].includes(error.problem.kind);
    server.change({ hasProps: isLater ? null : false });
  }
}
