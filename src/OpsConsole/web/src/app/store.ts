import { useSyncExternalStore } from 'react';

/** A value outside React that components follow. */
export class Store<T> {
  private readonly listeners = new Set<() => void>();
  constructor(private value: T) {}

  get = (): T => this.value;

  set = (value: T): void => {
    this.value = value;
    this.listeners.forEach((listener) => listener());
  };

  private readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  use = (): T => useSyncExternalStore(this.subscribe, this.get);
}
