// What the user set. It is kept in localStorage.
import { Store } from './store';

export type Theme = 'system' | 'light' | 'dark';

/** Sampling fields: empty means the server's default. */
export type SamplingName =
  'temperature' | 'top_p' | 'top_k' | 'min_p' | 'repeat_penalty' | 'presence_penalty' | 'frequency_penalty' | 'max_tokens' | 'seed';

export interface Settings {
  theme: Theme;
  key: string;
  model: string;
  system: string;
  sampling: Partial<Record<SamplingName, number>>;
  /** Further fields of each request, as JSON. */
  extra: string;
  sidebar: boolean;
}

export interface SamplingField {
  name: SamplingName;
  label: string;
  help: string;
  min?: number;
  max?: number;
  step: number;
}

export const samplingFields: SamplingField[] = [
  { name: 'temperature', label: 'Temperature', help: 'Higher is more varied, 0 takes the likeliest token.', min: 0, max: 5, step: 0.05 },
  { name: 'top_p', label: 'Top p', help: 'Keeps the likeliest tokens up to this sum.', min: 0, max: 1, step: 0.01 },
  { name: 'top_k', label: 'Top k', help: 'Keeps so many tokens; 0 keeps all.', min: 0, step: 1 },
  { name: 'min_p', label: 'Min p', help: 'Drops tokens below this share of the best.', min: 0, max: 1, step: 0.01 },
  { name: 'repeat_penalty', label: 'Repeat penalty', help: 'Above 1 avoids what was said.', min: 0, step: 0.05 },
  { name: 'presence_penalty', label: 'Presence penalty', help: 'Avoids tokens that occurred.', min: -2, max: 2, step: 0.1 },
  { name: 'frequency_penalty', label: 'Frequency penalty', help: 'Avoids tokens that occurred often.', min: -2, max: 2, step: 0.1 },
  { name: 'max_tokens', label: 'Longest answer', help: 'In tokens.', min: 1, step: 1 },
  { name: 'seed', label: 'Seed', help: 'The same seed gives the same answer.', min: 0, step: 1 },
];

const place = 'archgen.settings';
const defaults: Settings = { theme: 'system', key: '', model: '', system: '', sampling: {}, extra: '', sidebar: true };

export const settings = new Store<Settings>({ ...defaults, ...read() });

settings.subscribe(() => {
  try {
    localStorage.setItem(place, JSON.stringify(settings.get()));
  } catch {
    // Private windows may have no storage: the settings then last until the page is closed.
  }
});

function read(): Partial<Settings> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(place) ?? '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** Why the further fields cannot be sent; null if they can. */
export function extraProblem(extra: string): string | null {
  if (extra.trim() === '') return null;
  try {
    const value: unknown = JSON.parse(extra);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? null : 'Write an object, such as {"top_n_sigma": 1}.';
  } catch (error) {
    return `This is no JSON: ${(error as Error).message}`;
  }
}

export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
