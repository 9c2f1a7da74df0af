import { language, languages } from '../app/preferences';
import { en, type Text } from './en';
import { ko } from './ko';

const texts: Record<'ko' | 'en', Text> = { ko, en };

/** The texts of the chosen language; a component that uses them follows the choice. */
export const useText = (): Text => texts[languages.use()];

/** The texts outside components. */
export const text = (): Text => texts[language()];

export type { Text };
