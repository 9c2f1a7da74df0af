import { Alert, Button, Group, Modal, Stack, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { askAgain } from '../api/pages';
import { useText } from '../text';

type Props = {
  title: string; isOpen: boolean; onClose: () => void; confirm: string; isDanger?: boolean; optional?: boolean;
  act: (reason: string) => Promise<unknown>; done: string; isBlocked?: boolean; children?: ReactNode;
};

/** Asks why before something is done; what is done is told, what fails is told here. */
export function ReasonDialog({ title, isOpen, onClose, confirm, isDanger, optional, act, done, isBlocked, children }: Props) {
  const t = useText();
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: () => act(reason.trim()),
    onSuccess: () => {
      notifications.show({ color: 'teal', message: done });
      askAgain(queries);
      onClose();
    },
  });
  useEffect(() => {
    if (isOpen) {
      setReason('');
      reset();
    }
  }, [isOpen, reset]);
  const isMissing = !optional && reason.trim() === '';
  return (
    <Modal opened={isOpen} onClose={onClose} title={title} size="lg" closeButtonProps={{ 'aria-label': t.common.close }}>
      <form onSubmit={(event) => { event.preventDefault(); if (!isMissing && !isBlocked) { mutate(); } }}>
        <Stack>
          {children}
          <Textarea label={optional ? t.common.optionalReason : t.common.reason} description={t.common.reasonHint} autosize minRows={2}
            maxLength={500} value={reason} onChange={(e) => setReason(e.currentTarget.value)} required={!optional} data-autofocus />
          {error && <Alert color="red" role="alert">{error.message}</Alert>}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t.common.back}</Button>
            <Button type="submit" loading={isPending} disabled={isMissing || isBlocked} color={isDanger ? 'red.9' : undefined}>{confirm}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
