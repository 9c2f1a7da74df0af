import { Group, Progress, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { OverviewData } from '../../api/overview';
import { Empty, Panel } from '../../parts/Panel';
import { useText } from '../../text';

const colors: Record<string, string> = { in_progress: 'blue', compensating: 'orange', needs_attention: 'red' };

/** Sagas that have not ended, by status and step. */
export function ActiveSagas({ sagas }: { sagas: OverviewData['sagas'] }) {
  const t = useText();
  const most = Math.max(...sagas.map((s) => s.count), 1);
  return (
    <Panel title={t.overview.sagas} to="/sagas">
      {sagas.length === 0 && <Empty>{t.overview.sagasEmpty}</Empty>}
      <Stack gap={10}>
        {sagas.map((saga) => {
          const step = saga.step ? (t.steps[saga.step] ?? saga.step) : t.common.none;
          const status = t.sagaStatus[saga.status as keyof typeof t.sagaStatus];
          return (
            <Link key={`${saga.definition}/${saga.status}/${saga.step}`} to="/sagas" className="plain"
              search={{ definition: saga.definition, status: saga.status, ...(saga.step ? { step: saga.step } : {}) }}>
              <Group justify="space-between" mb={4} wrap="nowrap">
                <Text size="sm" className="follows clip">
                  {step} <Text span c="dimmed" size="sm">· {status} · {t.definitions[saga.definition] ?? saga.definition}</Text>
                </Text>
                <Text size="sm" fw={650} className="num">{saga.isAtLeast ? t.common.atLeast(saga.count) : t.common.count(saga.count)}</Text>
              </Group>
              <Progress value={(saga.count / most) * 100} color={colors[saga.status] ?? 'gray'} size="sm" aria-label={`${step} ${status}`} />
            </Link>
          );
        })}
      </Stack>
    </Panel>
  );
}
