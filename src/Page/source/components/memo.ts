import { Component, h, type FunctionComponent } from 'preact';

/** A component that is drawn again only when one of its properties changes. */
export function memo<P extends object>(inner: FunctionComponent<P>): FunctionComponent<P> {
  return class extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      const old = this.props as Record<string, unknown>;
      const names = new Set([...Object.keys(old), ...Object.keys(next)]);
      return [...names].some((name) => !Object.is(old[name], (next as Record<string, unknown>)[name]));
    }

    override render() {
      return h(inner, this.props as any);
    }
  } as unknown as FunctionComponent<P>;
}
