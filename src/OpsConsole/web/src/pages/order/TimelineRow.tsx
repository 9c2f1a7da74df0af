import { Text, ThemeIcon, Tooltip, UnstyledButton } from '@mantine/core';
import {
  IconAlertTriangle, IconBell, IconClock, IconCopyOff, IconMailX, IconMessage, IconPlugConnected, IconRefresh, IconSend, IconUser, IconWorld,
  type TablerIcon,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '../../api/client';
import { useTimes } from '../../parts/format';
import { useText } from '../../text';
import type { Entry } from './data';
import classes from './Timeline.module.css';

const looks: Record<Schemas['TimelineKind'], { color: string; Icon: TablerIcon }> = {
  command: { color: 'indigo', Icon: IconSend },
  fact: { color: 'teal', Icon: IconPlugConnected },
  duplicate: { color: 'gray', Icon: IconCopyOff },
  retry: { color: 'orange', Icon: IconRefresh },
  timer: { color: 'yellow', Icon: IconClock },
  outside: { color: 'grape', Icon: IconWorld },
  notification: { color: 'cyan', Icon: IconBell },
  operator: { color: 'pink', Icon: IconUser },
  alert: { color: 'red', Icon: IconAlertTriangle },
  dead_letter: { color: 'red', Icon: IconMailX },
  remark: { color: 'gray', Icon: IconMessage },
};

/** One line of the timeline; a message can be looked into. */
export function TimelineRow({ entry, onLook }: { entry: Entry; onLook: (entry: Entry) => void }) {
  const t = useText();
  const times = useTimes();
  const { color, Icon } = looks[entry.kind] ?? looks.remark;
  const service = t.services[entry.service] ?? entry.service;
  const to = (entry.to ?? []).map((name) => t.services[name] ?? name).join(', ');
  return (
    <li className={classes.row} data-kind={entry.kind}>
      <Tooltip label={t.order.kinds[entry.kind]}>
        <ThemeIcon size={26} radius="xl" color={color} variant="light"><Icon size={15} aria-label={t.order.kinds[entry.kind]} /></ThemeIcon>
      </Tooltip>
      <div className={classes.body}>
        <div className={classes.line}>
          {entry.eventId && entry.kind !== 'dead_letter'
            ? <UnstyledButton onClick={() => onLook(entry)} className={`mono ${classes.name}`}>{entry.name}</UnstyledButton>
            : entry.link ? <Link to="/dead-letters" search={{ letter: entry.link }} className={`mono ${classes.name}`}>{entry.name}</Link>
            : <span className={`mono ${classes.plain}`}>{entry.name}</span>}
          <Text size="xs" c="dimmed" component="span">
            {service}{to && ` ${t.order.to(to)}`}{entry.actor && ` · ${t.order.by(entry.actor)}`}
          </Text>
        </div>
        {entry.kind === 'alert' && t.alerts.titles[entry.name] && <Text size="sm" fw={550}>{t.alerts.titles[entry.name]}</Text>}
        {entry.text && <Text size="sm" className="wrap">{entry.text}</Text>}
      </div>
      <Tooltip label={`${times.full(entry.at)} (${times.zone})`}><Text component="time" size="xs" c="dimmed" className="num" dateTime={entry.at}>{times.precise(entry.at)}</Text></Tooltip>
    </li>
  );
}
