// Adds the parts of an answer to its message.
import type { Part } from '../api/answer';
import type { Message, ToolCall, Usage } from '../data/types';

/** Follows one answer: what it says, how long it thinks, how fast it comes. */
export class Collector {
  private readonly start = performance.now();
  private thinkingStart: number | undefined;
  private firstToken: number | undefined;
  private lastToken = 0;
  private tokens = 0;
  private readonly thoughtBefore: number;

  constructor(public message: Message) {
    this.thoughtBefore = message.thinkingMs ?? 0;
  }

  /** Tokens per second so far; null before there are enough to tell. Each event is taken for one token. */
  get speed(): number | null {
    const seconds = (this.lastToken - (this.firstToken ?? 0)) / 1000;
    return this.tokens > 4 && seconds > 0 ? (this.tokens - 1) / seconds : null;
  }

  add(part: Part): void {
    const next: Message = { ...this.message };
    if (part.text || part.reasoning || part.toolCalls) this.count();
    if (part.reasoning) {
      this.thinkingStart ??= performance.now();
      next.reasoning = (next.reasoning ?? '') + part.reasoning;
    }
    // Thoughts last until the first word of the answer.
    if (this.thinkingStart !== undefined && !this.message.text) next.thinkingMs = this.thoughtBefore + performance.now() - this.thinkingStart;
    if (part.text) next.text += part.text;
    if (part.toolCalls) next.toolCalls = addCalls(next.toolCalls ?? [], part.toolCalls);
    if (part.finish) next.finish = part.finish;
    if (part.model) next.model = part.model;
    if (part.usage) next.usage = { ...next.usage, ...part.usage };
    this.message = next;
  }

  /** What the answer took, where the server did not tell. */
  usage(): Usage {
    const usage: Usage = { ...this.message.usage };
    if (this.firstToken !== undefined) usage.firstTokenMs = this.firstToken - this.start;
    const seconds = (this.lastToken - (this.firstToken ?? 0)) / 1000;
    const answer = usage.answerTokens ?? this.tokens;
    if (usage.tokensPerSecond === undefined && answer > 1 && seconds > 0) usage.tokensPerSecond = (answer - 1) / seconds;
    return usage;
  }

  private count(): void {
    this.lastToken = performance.now();
    this.firstToken ??= this.lastToken;
    this.tokens++;
  }
}

function addCalls(calls: ToolCall[], parts: NonNullable<Part['toolCalls']>): ToolCall[] {
  const next = [...calls];
  for (const { index, call } of parts) {
    // Indices count from 0; a server that skips some leaves no holes here.
    const old = next[index] ?? { id: '', name: '', arguments: '' };
    const changed = { id: call.id || old.id, name: old.name + (call.name ?? ''), arguments: old.arguments + (call.arguments ?? '') };
    if (index < next.length) next[index] = changed;
    else next.push(changed);
  }
  return next;
}
