import { Alert, Button, Center, Divider, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { post } from '../api/client';
import { askAgain } from '../api/pages';
import { useText } from '../text';
import { languages } from './preferences';
import { claimsOf, isOneClick, signIn, signOut, useSession, type Session } from './session';

/** Shows its children to an operator, and the way to become one to everybody else. */
export function SignedIn({ children }: { children: ReactNode }) {
  const session = useSession();
  const language = languages.use();
  const queries = useQueryClient();
  const [before, setBefore] = useState<Session>();
  useEffect(() => {
    document.documentElement.lang = language;
    askAgain(queries); // the server's sentences come in the chosen language
  }, [language, queries]);
  useEffect(() => {
    if (!session) {
      queries.clear();
      return;
    }
    setBefore(session);
    const end = setTimeout(signOut, Math.min(session.expiresAt - Date.now(), 2 ** 31 - 1));
    return () => clearTimeout(end);
  }, [session, queries]);
  return session ? children : <SignIn hasExpired={before !== undefined && before.expiresAt <= Date.now() + 1000} />;
}

function SignIn({ hasExpired }: { hasExpired: boolean }) {
  const t = useText();
  return (
    <Center mih="100vh" p="md" component="main">
      <Paper p="xl" w="100%" maw={440} className="panel" shadow="sm">
        <Stack>
          <img src="/console/favicon.svg" width={44} height={44} alt="" />
          <div>
            <Title order={1} size="h2">{t.signIn.title}</Title>
            <Text c="dimmed" mt={4}>{t.signIn.lead}</Text>
          </div>
          {hasExpired && <Alert color="orange" variant="light">{t.signIn.expired}</Alert>}
          {isOneClick ? <OneClick /> : <ByToken />}
          <Divider />
          <Button variant="subtle" size="compact-sm" aria-label={t.app.languageLabel}
            onClick={() => languages.set(languages.get() === 'ko' ? 'en' : 'ko')}>
            {t.app.language}
          </Button>
        </Stack>
      </Paper>
    </Center>
  );
}

function OneClick() {
  const t = useText();
  const [name, setName] = useState('operator');
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => post('/dev/token', { userId: name.trim() || 'operator', role: 'operator' }),
    onSuccess: (issued) =>
      signIn({ token: issued.token, userId: issued.userId, expiresAt: new Date(issued.expiresAt).getTime() }),
  });
  return (
    <form onSubmit={(event) => { event.preventDefault(); mutate(); }}>
      <Stack>
        <TextInput label={t.signIn.name} value={name} onChange={(e) => setName(e.currentTarget.value)} maxLength={64} />
        <Button type="submit" size="md" loading={isPending} data-autofocus>{t.signIn.oneClick}</Button>
        {error && <Text c="red.9" role="alert">{error.message}</Text>}
        <Text size="sm" c="dimmed">{t.signIn.oneClickHint}</Text>
      </Stack>
    </form>
  );
}

function ByToken() {
  const t = useText();
  const [token, setToken] = useState('');
  const [wrong, setWrong] = useState(false);
  const submit = () => {
    const claims = claimsOf(token.trim());
    const expiresAt = (claims?.exp ?? 0) * 1000;
    if (claims?.role !== 'operator' || !claims.sub || expiresAt <= Date.now()) {
      setWrong(true);
      return;
    }
    signIn({ token: token.trim(), userId: claims.sub, expiresAt });
  };
  return (
    <form onSubmit={(event) => { event.preventDefault(); submit(); }}>
      <Stack>
        <TextInput type="password" autoComplete="off" label={t.signIn.token} description={t.signIn.tokenHint}
          value={token} onChange={(e) => { setToken(e.currentTarget.value); setWrong(false); }}
          error={wrong && t.signIn.notOperator} />
        <Button type="submit" size="md">{t.signIn.submit}</Button>
      </Stack>
    </form>
  );
}
