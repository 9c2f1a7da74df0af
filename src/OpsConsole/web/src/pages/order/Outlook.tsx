import { Alert, Group, Text } from '@mantine/core';
import { IconHourglass, IconInfoCircle, IconUserExclamation } from '@tabler/icons-react';
import { useTimes } from '../../parts/format';
import { Ago } from '../../parts/When';
import { useText } from '../../text';
import type { SagaData } from './data';

/** "Waiting for X until T, then Y", and what remains after that. */
export function Outlook({ saga }: { saga: SagaData }) {
  const t = useText();
  const times = useTimes();
  const wait = saga.outlook?.wait;
  const remaining = saga.outlook?.remaining ?? [];
  if (!saga.outlook) {
    return null;
  }
  if (!wait) {
    return (
      <Alert color="gray" icon={<IconInfoCircle />} className="panel">
        <Text size="sm">{t.order.wait.nothing}{saga.reason ? ` ${t.order.why}: ${saga.reason}` : ''}</Text>
      </Alert>
    );
  }
  const step = t.steps[wait.step] ?? wait.step;
  const who = wait.service ? (t.services[wait.service] ?? wait.service) : step;
  const what = wait.for.join(t.order.wait.or);
  return (
    <Alert color={wait.forPerson ? 'red' : saga.status === 'compensating' ? 'orange' : 'blue'}
      icon={wait.forPerson ? <IconUserExclamation /> : <IconHourglass />} className="panel" data-testid="outlook">
      <Text fw={600}>
        {wait.forPerson ? t.order.wait.person(step) : wait.forOutsider ? t.order.wait.outsider(who, what) : t.order.wait.reply(who, what)}
        {wait.until && <> {t.order.wait.until(times.clock(wait.until))}</>}
        {wait.then && <>, {t.order.wait.then[wait.then]}</>}
      </Text>
      <Group gap="md" mt={2}>
        {wait.until && <Ago at={wait.until} />}
        {wait.maxAttempts != null && !wait.forPerson && <Text size="sm">{t.order.wait.attempt(wait.attempt, wait.maxAttempts)}</Text>}
        {saga.waitsFor && <Text size="sm" fw={600}>{t.order.wait.heldUp(saga.waitsFor)}</Text>}
        {wait.forPerson && <Text size="sm">{t.order.wait.personHint}</Text>}
      </Group>
      {remaining.length > 0 && (
        <Text size="sm" mt={4}>
          {t.order.wait.remains}: {remaining.map((task) => {
            const name = t.steps[task.step] ?? task.step;
            return task.isUndo ? t.undoOf(name) : name;
          }).join(' → ')}
        </Text>
      )}
      {saga.reason && <Text size="sm" mt={4}>{t.order.why}: {saga.reason}</Text>}
    </Alert>
  );
}
