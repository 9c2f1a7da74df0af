import {
  IconBell, IconBox, IconBug, IconChartBar, IconGauge, IconHistory, IconListDetails, IconMailX, IconMessage, IconPlayerPlay, IconPlugConnected,
  IconRoute, IconStack2,
  type TablerIcon,
} from '@tabler/icons-react';
import type { Text } from '../text';

type Names = { [K in keyof Text['nav']]: Text['nav'][K] extends string ? K : never }[keyof Text['nav']];
type Item = { to: string; label: Names; Icon: TablerIcon };

/** What the menu offers, in its order. */
export const navigation: { group: Names; items: Item[] }[] = [
  {
    group: 'try',
    items: [
      { to: '/playground', label: 'playground', Icon: IconPlayerPlay },
      { to: '/sandbox', label: 'sandbox', Icon: IconBug },
    ],
  },
  {
    group: 'watch',
    items: [
      { to: '/', label: 'overview', Icon: IconGauge },
      { to: '/orders', label: 'orders', Icon: IconListDetails },
      { to: '/sagas', label: 'sagas', Icon: IconRoute },
      { to: '/queues', label: 'queues', Icon: IconStack2 },
      { to: '/breakers', label: 'breakers', Icon: IconPlugConnected },
    ],
  },
  {
    group: 'repair',
    items: [
      { to: '/alerts', label: 'alerts', Icon: IconBell },
      { to: '/dead-letters', label: 'deadLetters', Icon: IconMailX },
    ],
  },
  {
    group: 'look',
    items: [
      { to: '/stock', label: 'stock', Icon: IconBox },
      { to: '/notifications', label: 'notifications', Icon: IconMessage },
      { to: '/stats', label: 'stats', Icon: IconChartBar },
      { to: '/audit', label: 'audit', Icon: IconHistory },
    ],
  },
];
