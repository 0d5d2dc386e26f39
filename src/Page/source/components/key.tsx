import { useState } from 'preact/hooks';
import { reconnect } from '../api/server';
import type { Message } from '../data/types';
import { retry } from '../session/answering';
import { settings } from '../stores/settings';
import { Store } from '../stores/store';
import { Dialog } from './dialog';

/** Whether the key is asked for, and the answer that failed for want of it. */
export const keyAsked = new Store<{ failed: Message | null } | null>(null);

export const askForKey = (failed: Message | null): void => keyAsked.set({ failed });

export function KeyDialog({ failed }: { failed: Message | null }) {
  const [key, setKey] = useState(settings.get().key);
  const use = () => {
    settings.change({ key: key.trim() });
    keyAsked.set(null);
    void reconnect();
    if (failed) retry(failed);
  };
  return (
    <Dialog title="The server asks for a key" class="small" onClose={() => keyAsked.set(null)}>
      <form onSubmit={(event) => { event.preventDefault(); use(); }}>
        <label class="field">
          <span>Key</span>
          <input type="password" value={key} autocomplete="off" autofocus onInput={(event) => setKey(event.currentTarget.value)} />
          <small>One of those that the server was started with. It is kept in this browser.</small>
        </label>
        <div class="buttons"><button class="button primary">Use this key</button></div>
      </form>
    </Dialog>
  );
}
