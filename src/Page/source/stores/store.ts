import { useLayoutEffect, useReducer, useRef } from 'preact/hooks';

/** A value that components follow. */
export class Store<T> {
  private readonly listeners = new Set<() => void>();

  constructor(private value: T) {}

  get(): T {
    return this.value;
  }

  set(next: T): void {
    if (Object.is(next, this.value)) return;
    this.value = next;
    for (const listener of [...this.listeners]) listener();
  }

  change(part: Partial<T>): void {
    this.set({ ...this.value, ...part });
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

/** A part of a store. The component is drawn again when that part changes. */
export function useStore<T, S>(store: Store<T>, select: (value: T) => S): S {
  const [, draw] = useReducer((count: number, _: void) => count + 1, 0);
  const selected = select(store.get());
  const shown = useRef({ selected, select });
  shown.current = { selected, select };
  useLayoutEffect(() => {
    const check = () => {
      if (!Object.is(shown.current.select(store.get()), shown.current.selected)) draw();
    };
    check();
    return store.subscribe(check);
  }, [store]);
  return selected;
}
