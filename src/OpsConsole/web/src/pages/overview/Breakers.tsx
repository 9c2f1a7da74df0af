import { Badge, Group, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { OverviewData } from '../../api/overview';
import { breakerColors } from '../../parts/badges';
import { useRelative } from '../../parts/format';
import { Panel } from '../../parts/Panel';
import { useNow } from '../../parts/When';
import { useText } from '../../text';

/** Whether calls to the outside systems go through. */
export function Breakers({ breakers }: { breakers: OverviewData['breakers'] }) {
  const t = useText();
  const [relative, now] = [useRelative(), useNow(5_000)];
  return (
    <Panel title={t.overview.breakers} to="/breakers">
      <Stack gap={10}>
        {breakers.map((b) => (
          <Link key={b.gateway} to="/breakers" className="plain">
            <Group justify="space-between" wrap="nowrap">
              <div style={{ minWidth: 0 }}>
                <Text size="sm" fw={550} className="follows">{b.gateway}</Text>
                <Text size="xs" c="dimmed" className="clip">
                  {b.lastFailureAt && b.lastFailure ? t.overview.lastFailure(relative(b.lastFailureAt, now), b.lastFailure) : t.overview.neverFailed}
                </Text>
              </div>
              <Badge color={breakerColors[b.state] ?? 'gray'} style={{ flexShrink: 0 }}>{t.overview.breakerStates[b.state] ?? b.state}</Badge>
            </Group>
          </Link>
        ))}
      </Stack>
    </Panel>
  );
}
