import { Store } from '../stores/store';

/** What is known of an answer before its first token, and how fast it comes. It is not stored. */
export interface Progress {
  phase: 'waiting' | 'reading' | 'thinking' | 'writing';
  /** How much of the prompt was read, from 0 to 1. */
  promptShare: number;
  tokensPerSecond: number | null;
}

export const progress = new Store<ReadonlyMap<string, Progress>>(new Map());

export function setProgress(id: string, part: Partial<Progress> | null): void {
  const map = new Map(progress.get());
  if (part === null) map.delete(id);
  else map.set(id, { ...(map.get(id) ?? { phase: 'waiting', promptShare: 0, tokensPerSecond: null }), ...part });
  progress.set(map);
}
