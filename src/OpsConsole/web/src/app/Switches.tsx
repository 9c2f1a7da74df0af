import { ActionIcon, Button, Group, Menu, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconClock, IconLanguage, IconLogout, IconMoon, IconSun, IconUser } from '@tabler/icons-react';
import { useText } from '../text';
import { languages, zones, type Zone } from './preferences';
import { signOut, useSession } from './session';

const all: Zone[] = ['Asia/Seoul', 'UTC'];

/** Language, light and dark, time zone, and the way out. */
export function Switches() {
  const t = useText();
  const [zone, session] = [zones.use(), useSession()];
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme('light') === 'dark';
  const toggleLanguage = () => languages.set(languages.get() === 'ko' ? 'en' : 'ko');
  return (
    <Group gap={4} wrap="nowrap">
      <Button variant="subtle" size="compact-sm" visibleFrom="md" onClick={toggleLanguage} aria-label={t.app.languageLabel}>
        {t.app.language}
      </Button>
      <ActionIcon variant="subtle" size="lg" aria-label={t.app.theme} onClick={() => setColorScheme(isDark ? 'light' : 'dark')}>
        {isDark ? <IconSun size={18} /> : <IconMoon size={18} />}
      </ActionIcon>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <ActionIcon variant="subtle" size="lg" aria-label={session?.userId ?? ''}><IconUser size={18} /></ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{session?.userId}</Menu.Label>
          <Menu.Item leftSection={<IconLanguage size={16} />} onClick={toggleLanguage}>{t.app.language}</Menu.Item>
          {all.map((name) => (
            <Menu.Item key={name} leftSection={<IconClock size={16} />} onClick={() => zones.set(name)}
              fw={name === zone ? 700 : 400} aria-current={name === zone}>
              {t.app.zone}: {name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconLogout size={16} />} onClick={signOut}>{t.app.signOut}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
