// One answer: the request, and what its events add to it.
import type { ToolCall, Usage } from '../data/types';
import { readEvents } from './events';
import { describe, endedProblem, ProblemError } from './problems';
import { ask } from './server';

/** What an event adds. */
export interface Part {
  text?: string;
  reasoning?: string;
  toolCalls?: { index: number; call: Partial<ToolCall> }[];
  finish?: string;
  usage?: Usage;
  model?: string;
  /** How much of the prompt has been read, from 0 to 1. */
  promptShare?: number;
}

/** Sends a request and gives the parts of the answer. Aborting the signal closes the connection, and the server stops. */
export async function* answer(body: Record<string, unknown>, signal: AbortSignal): AsyncGenerator<Part> {
  const response = await ask('v1/chat/completions', {
    method: 'POST', signal, body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' },
  });
  let finished = false;
  try {
    for await (const data of readEvents(response.body!)) {
      if (data === '[DONE]') {
        finished = true;
        break;
      }
      const part = readPart(data);
      if (part.finish) finished = true;
      yield part;
    }
  } catch (error) {
    if (signal.aborted || error instanceof ProblemError) throw error;
    throw new ProblemError(endedProblem());
  }
  if (!finished) throw new ProblemError(endedProblem());
}

function readPart(data: string): Part {
  let event: any;
  try {
    event = JSON.parse(data);
  } catch {
    throw new ProblemError({ kind: 'server', title: 'The server sent something that is no JSON.', detail: data.slice(0, 200) });
  }
  if (event.error) throw new ProblemError(describe(Number(event.error.code) || 500, event, true));
  const choice = event.choices?.[0];
  const delta = choice?.delta ?? {};
  const part: Part = {};
  if (typeof delta.content === 'string') part.text = delta.content;
  const reasoning = delta.reasoning_content ?? delta.reasoning;
  if (typeof reasoning === 'string') part.reasoning = reasoning;
  if (Array.isArray(delta.tool_calls)) part.toolCalls = delta.tool_calls.map(readCall);
  if (typeof choice?.finish_reason === 'string') part.finish = choice.finish_reason;
  if (typeof event.model === 'string') part.model = event.model;
  const progress = event.prompt_progress;
  if (progress?.total > 0) part.promptShare = progress.processed / progress.total;
  const usage = readUsage(event);
  if (usage) part.usage = usage;
  return part;
}

function readCall(item: any, position: number): { index: number; call: Partial<ToolCall> } {
  const call: Partial<ToolCall> = {};
  if (typeof item.id === 'string') call.id = item.id;
  if (typeof item.function?.name === 'string') call.name = item.function.name;
  if (typeof item.function?.arguments === 'string') call.arguments = item.function.arguments;
  return { index: typeof item.index === 'number' ? item.index : position, call };
}

function readUsage(event: any): Usage | undefined {
  if (!event.usage && !event.timings) return undefined;
  const usage: Usage = {};
  const put = (name: keyof Usage, value: unknown) => {
    if (typeof value === 'number' && Number.isFinite(value)) usage[name] = value;
  };
  put('promptTokens', event.usage?.prompt_tokens);
  put('cachedTokens', event.usage?.prompt_tokens_details?.cached_tokens);
  put('answerTokens', event.usage?.completion_tokens);
  put('tokensPerSecond', event.timings?.predicted_per_second);
  return usage;
}
