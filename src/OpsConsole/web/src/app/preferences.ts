import { Store } from './store';

export type Language = 'ko' | 'en';
export type Zone = 'Asia/Seoul' | 'UTC';

const remembered = <T extends string>(key: string, known: readonly T[], otherwise: T): Store<T> => {
  const kept = localStorage.getItem(key);
  const store = new Store<T>(known.find((value) => value === kept) ?? otherwise);
  const set = store.set;
  store.set = (value) => {
    localStorage.setItem(key, value);
    set(value);
  };
  return store;
};

const preferred: Language = navigator.language.startsWith('ko') ? 'ko' : 'en';

export const languages = remembered<Language>('doa.language', ['ko', 'en'], preferred);
export const zones = remembered<Zone>('doa.zone', ['Asia/Seoul', 'UTC'], 'Asia/Seoul');
export const language = (): Language => languages.get();
