import { AppShell, Burger, Group, NavLink, ScrollArea, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useText } from '../text';
import { Find } from './Find';
import { navigation } from './navigation';
import { Switches } from './Switches';

/** The frame around every page: navigation, search, switches. */
export function Shell() {
  const t = useText();
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  useEffect(close, [pathname, close]);
  return (
    <>
      <a className="skip" href="#content">{t.app.skip}</a>
      <AppShell header={{ height: 56 }} navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: !isOpen } }} padding="md">
        <AppShell.Header className="panel">
          <Group h="100%" px="md" gap="sm" wrap="nowrap">
            <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t.app.menu} />
            <Link to="/" className="plain" aria-label={t.app.name}>
              <Group gap={10} wrap="nowrap">
                <img src="/console/favicon.svg" width={28} height={28} alt="" />
                <Text fw={700} visibleFrom="xs" style={{ whiteSpace: 'nowrap' }}>{t.app.short}</Text>
              </Group>
            </Link>
            <Find />
            <Switches />
          </Group>
        </AppShell.Header>
        <AppShell.Navbar p="xs" className="panel" aria-label={t.app.menu}>
          <ScrollArea type="auto">
            {navigation.map(({ group, items }) => (
              <div key={group}>
                <Text size="xs" fw={600} c="dimmed" px="sm" pt="sm" pb={4}>{t.nav[group]}</Text>
                {items.map(({ to, label, Icon }) => (
                  <NavLink key={to} renderRoot={(props) => <Link to={to} {...props} />} label={t.nav[label]}
                    leftSection={<Icon size={18} stroke={1.6} aria-hidden />} active={isAt(pathname, to)}
                    aria-current={isAt(pathname, to) ? 'page' : undefined} variant="light" py={7} />
                ))}
              </div>
            ))}
          </ScrollArea>
        </AppShell.Navbar>
        <AppShell.Main id="content" tabIndex={-1}><Outlet /></AppShell.Main>
      </AppShell>
    </>
  );
}

const isAt = (path: string, to: string) =>
  to === '/' ? path === '/' || path === '' : path === to || path.startsWith(`${to}/`);
