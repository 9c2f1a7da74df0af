import { IconGauge, IconListDetails, type TablerIcon } from '@tabler/icons-react';
import type { Text } from '../text';

type Names = { [K in keyof Text['nav']]: Text['nav'][K] extends string ? K : never }[keyof Text['nav']];
type Item = { to: string; label: Names; Icon: TablerIcon };

/** What the menu offers, in its order. */
export const navigation: { group: Names; items: Item[] }[] = [
  {
    group: 'watch',
    items: [
      { to: '/', label: 'overview', Icon: IconGauge },
      { to: '/orders', label: 'orders', Icon: IconListDetails },
    ],
  },
];
