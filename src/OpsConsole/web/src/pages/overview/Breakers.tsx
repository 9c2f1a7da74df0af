import { Badge, Group, Stack, Text } from '@mantine/core';
import type { OverviewData } from '../../api/overview';
import { useRelative } from '../../parts/format';
import { Panel } from '../../parts/Panel';
import { useNow } from '../../parts/When';
import { useText } from '../../text';

const colors: Record<string, string> = { closed: 'teal', open: 'red', half_open: 'orange' };

/** Whether calls to the outside systems go through. */
export function Breakers({ breakers }: { breakers: OverviewData['breakers'] }) {
  const t = useText();
  const [relative, now] = [useRelative(), useNow(5_000)];
  return (
    <Panel title={t.overview.breakers} to="/sandbox">
      <Stack gap={10}>
        {breakers.map((b) => (
          <Group key={b.gateway} justify="space-between" wrap="nowrap">
            <div style={{ minWidth: 0 }}>
              <Text size="sm" fw={550}>{b.gateway}</Text>
              <Text size="xs" c="dimmed" className="clip">
                {b.lastFailureAt && b.lastFailure ? t.overview.lastFailure(relative(b.lastFailureAt, now), b.lastFailure) : t.overview.neverFailed}
              </Text>
            </div>
            <Badge color={colors[b.state] ?? 'gray'} style={{ flexShrink: 0 }}>{t.overview.breakerStates[b.state] ?? b.state}</Badge>
          </Group>
        ))}
      </Stack>
    </Panel>
  );
}
