import { Store } from '../stores/store';

/** What a screen reader says. */
export const announcement = new Store('');

export function say(text: string): void {
  announcement.set(text);
}
