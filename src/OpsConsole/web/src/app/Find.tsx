import { Loader, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconSearch } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { get } from '../api/client';
import { useText } from '../text';

/** Goes to the order behind whatever a person has at hand. */
export function Find() {
  const t = useText();
  const navigate = useNavigate();
  const [sought, setSought] = useState('');
  const { mutate, isPending } = useMutation({
    mutationFn: (q: string) => get('/api/v1/ops/search', { query: { q } }),
    onSuccess: ([first]) => {
      if (!first) {
        notifications.show({ color: 'orange', message: t.app.notFound });
        return;
      }
      setSought('');
      void navigate({ to: '/orders/$orderId', params: { orderId: first.order.orderId } });
    },
    onError: (error) => notifications.show({ color: 'red', message: error.message }),
  });
  return (
    <form role="search" style={{ flex: 1, maxWidth: 420, marginLeft: 'auto', minWidth: 0 }}
      onSubmit={(event) => { event.preventDefault(); if (sought.trim()) { mutate(sought.trim()); } }}>
      <TextInput value={sought} onChange={(e) => setSought(e.currentTarget.value)} placeholder={t.app.search}
        aria-label={t.app.searchLabel} maxLength={100}
        leftSection={isPending ? <Loader size={14} /> : <IconSearch size={16} aria-hidden />} />
    </form>
  );
}
