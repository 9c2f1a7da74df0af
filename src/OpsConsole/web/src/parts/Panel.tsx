import { Group, Paper, Text, Title, type PaperProps } from '@mantine/core';
import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';

type Props = PaperProps & { title: ReactNode; to?: LinkProps['to']; search?: LinkProps['search']; side?: ReactNode; children: ReactNode };

/** A titled area; the title may lead to what is behind it. */
export function Panel({ title, to, search, side, children, ...paper }: Props) {
  const heading = <Title order={2} size="h5" className="follows">{title}</Title>;
  return (
    <Paper p="md" className="panel" component="section" {...paper}>
      <Group justify="space-between" mb="sm" wrap="nowrap">
        {to ? <Link to={to} search={search} className="plain">{heading}</Link> : heading}
        {side}
      </Group>
      {children}
    </Paper>
  );
}

/** What stands where there is nothing. */
export function Empty({ children, hint }: { children: ReactNode; hint?: ReactNode }) {
  return (
    <div style={{ padding: '12px 0' }}>
      <Text size="sm" c="dimmed">{children}</Text>
      {hint && <Text size="sm" c="dimmed">{hint}</Text>}
    </div>
  );
}
