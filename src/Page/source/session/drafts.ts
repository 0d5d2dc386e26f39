// A page that is left in the middle of an answer keeps what came: IndexedDB may not finish then, localStorage does.
import { running, storeMessage } from '../stores/chats';
import type { Message } from '../data/types';

const place = 'archgen.unfinished', ownPlace = 'archgen.goes-on';

export function keepDrafts(): void {
  window.addEventListener('pagehide', () => {
    const messages = running();
    if (messages.length === 0) return;
    try {
      localStorage.setItem(place, JSON.stringify(messages));
      sessionStorage.setItem(ownPlace, JSON.stringify(messages.map((message) => message.id)));
    } catch {
      // Without room, what IndexedDB has is kept.
    }
  });
}

/** Stores what was left, and gives the answers that this very tab was writing when it was loaded again. */
export async function takeDrafts(): Promise<Message[]> {
  const left = take<Message[]>(localStorage, place) ?? [];
  const own = take<string[]>(sessionStorage, ownPlace) ?? [];
  const cut = left.map((message): Message => ({ ...message, state: 'cut' }));
  for (const message of cut) await storeMessage(message);
  return cut.filter((message) => own.includes(message.id));
}

function take<T>(storage: Storage, name: string): T | null {
  try {
    const text = storage.getItem(name);
    storage.removeItem(name);
    return text === null ? null : JSON.parse(text) as T;
  } catch {
    return null;
  }
}
