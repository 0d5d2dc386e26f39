// Conversations are kept in the browser's IndexedDB: nothing of them is stored on the server.
import type { Conversation, Message } from './types';

const conversations = 'conversations', messages = 'messages', byConversation = 'conversation';

let opened: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  return opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open('archgen', 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(conversations, { keyPath: 'id' });
      request.result.createObjectStore(messages, { keyPath: 'id' }).createIndex(byConversation, 'conversation');
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB cannot be opened.'));
  });
}

/** Runs a transaction and waits until it is on the disk. */
async function transact<T>(stores: string[], mode: IDBTransactionMode, work: (of: (name: string) => IDBObjectStore) => IDBRequest<T> | void): Promise<T> {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(stores, mode);
    const request = work((name) => transaction.objectStore(name));
    transaction.oncomplete = () => resolve(request?.result as T);
    transaction.onerror = transaction.onabort = () => reject(transaction.error ?? new Error('The browser could not store the conversation.'));
  });
}

export const loadConversations = (): Promise<Conversation[]> =>
  transact<Conversation[]>([conversations], 'readonly', (of) => of(conversations).getAll());

export const loadMessages = (conversation: string): Promise<Message[]> =>
  transact<Message[]>([messages], 'readonly', (of) => of(messages).index(byConversation).getAll(conversation));

export const loadAllMessages = (): Promise<Message[]> => transact<Message[]>([messages], 'readonly', (of) => of(messages).getAll());

/** Stores conversations and messages in one transaction. */
export const save = (changed: Conversation[], written: Message[]): Promise<void> =>
  transact<never>([conversations, messages], 'readwrite', (of) => {
    for (const conversation of changed) of(conversations).put(conversation);
    for (const message of written) of(messages).put(message);
  });

export const deleteMessages = (ids: string[]): Promise<void> =>
  transact<never>([messages], 'readwrite', (of) => {
    for (const id of ids) of(messages).delete(id);
  });

/** Deletes conversations with their messages. */
export const deleteConversations = (ids: string[]): Promise<void> =>
  transact<never>([conversations, messages], 'readwrite', (of) => {
    for (const id of ids) {
      of(conversations).delete(id);
      const cursors = of(messages).index(byConversation).openKeyCursor(id);
      cursors.onsuccess = () => {
        if (!cursors.result) return;
        of(messages).delete(cursors.result.primaryKey);
        cursors.result.continue();
      };
    }
  });
