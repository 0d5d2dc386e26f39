// What went wrong, in words for a person.
import type { Problem, ProblemKind } from '../data/types';

/** An error that is shown to the user. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title);
  }
}

/** The problem of an answer whose status is not 200. */
export async function problemOf(response: Response, hasKey: boolean): Promise<Problem> {
  let body: unknown;
  try {
    body = await response.json();
  } catch {
    body = null;
  }
  const problem = describe(response.status, body, hasKey);
  const retryAt = retryTime(response.headers.get('retry-after'));
  if (retryAt !== undefined) problem.retryAt = retryAt;
  return problem;
}

/** The problem that a status and an error object tell of. */
export function describe(status: number, body: unknown, hasKey: boolean): Problem {
  const error = errorOf(body);
  const [kind, title] = classify(status, error, hasKey);
  return error.message ? { kind, title, detail: error.message } : { kind, title };
}

export const networkProblem = (): Problem => ({
  kind: 'network', title: 'The server cannot be reached.', detail: 'Check that it runs and that this machine has a connection to it.',
});

export const endedProblem = (): Problem => ({ kind: 'ended', title: 'The connection ended before the answer did.' });

interface ServerError {
  message: string;
  type: string;
  promptTokens?: number;
  contextTokens?: number;
}

function classify(status: number, error: ServerError, hasKey: boolean): [ProblemKind, string] {
  if (status === 401) return ['key', hasKey ? 'The server refuses this key.' : 'The server asks for a key.'];
  if (status === 403) return ['forbidden', 'The server does not allow this.'];
  if (status === 404) return ['model', 'The server does not have this model.'];
  if (status === 413) return ['request', 'The message is larger than the server accepts.'];
  if (status === 429) return ['busy', 'The server is busy.'];
  if (status === 503) return ['unavailable', 'The server is not ready.'];
  if (error.type === 'exceed_context_size_error') {
    const sizes = error.promptTokens && error.contextTokens ? ` (${error.promptTokens} of ${error.contextTokens} tokens)` : '';
    return ['context', `The conversation is longer than the model's context${sizes}. Start a new one, or edit an earlier message.`];
  }
  if (status >= 500) return ['server', 'The server failed.'];
  return ['request', 'The server does not accept this request.'];
}

function errorOf(body: unknown): ServerError {
  const root = field(body, 'error') ?? body;
  if (typeof root === 'string') return { message: root, type: '' };
  const text = (name: string) => {
    const value = field(root, name);
    return typeof value === 'string' ? value : '';
  };
  const number = (name: string) => {
    const value = field(root, name);
    return typeof value === 'number' ? value : undefined;
  };
  const error: ServerError = { message: text('message') || text('detail') || text('title'), type: text('type') };
  const promptTokens = number('n_prompt_tokens'), contextTokens = number('n_ctx');
  if (promptTokens !== undefined) error.promptTokens = promptTokens;
  if (contextTokens !== undefined) error.contextTokens = contextTokens;
  return error;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function retryTime(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  const time = Number.isFinite(seconds) ? Date.now() + seconds * 1000 : Date.parse(header);
  return Number.isNaN(time) ? undefined : time;
}
