import { Alert, Button, Group, Loader, Select, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { post, type Schemas } from '../../api/client';
import { Preview } from '../../parts/Preview';
import { ReasonDialog } from '../../parts/ReasonDialog';
import { useText } from '../../text';
import type { OrderData, Outline, SagaData } from './data';
import { Outlook } from './Outlook';
import { SettlementFields, type Settlement } from './Settlement';

type Action = 'cancel' | 'retry' | 'resolve';
type Props = { order: OrderData; saga: SagaData; outline: Outline | undefined };

/** What an operator may do to an order's saga; each shows first what it will do. */
export function Actions({ order, saga, outline }: Props) {
  const t = useText();
  const [asked, setAsked] = useState<Action>();
  const stuck = saga.steps.filter((s) => s.status === 'compensation_failed' || s.status === 'stuck').map((s) => s.name);
  // What was refused to be undone comes back by itself, or never.
  const comingBack = saga.steps.filter((s) => s.status === 'compensating' && s.undoRefused).map((s) => s.name);
  const byHand = outline?.steps.filter((s) => s.canBeSettledByHand && [...stuck, ...comingBack].includes(s.name)) ?? [];
  const isOver = order.status === 'cancelled' || order.status === 'returned' || order.status === 'delivered';
  return (
    <Group gap="xs">
      {stuck.length > 0 && <Button onClick={() => setAsked('retry')}>{t.order.actions.retry}</Button>}
      {byHand.length > 0 && <Button variant="light" onClick={() => setAsked('resolve')}>{t.order.actions.resolve}</Button>}
      {!isOver && <Button variant="outline" color="red" onClick={() => setAsked('cancel')}>{t.order.actions.cancel}</Button>}
      {asked && <ActionDialog key={asked} action={asked} saga={saga} steps={byHand} onClose={() => setAsked(undefined)} />}
    </Group>
  );
}

type DialogProps = { action: Action; saga: SagaData; steps: Outline['steps']; onClose: () => void };

/** While an amount is being typed, it is not asked what each digit would do. */
const typing = 400;

function ActionDialog({ action, saga, steps, onClose }: DialogProps) {
  const t = useText();
  const [step, setStep] = useState(steps[0]?.name ?? '');
  const [settlement, setSettlement] = useState<Settlement>({});
  const [told] = useDebouncedValue(settlement, typing);
  const options = { params: { sagaId: saga.sagaId } };
  const run = (reason: string): Promise<unknown> => ({
    cancel: () => post('/api/v1/ops/sagas/{sagaId}/cancel', { reason }, options),
    retry: () => post('/api/v1/ops/sagas/{sagaId}/retry', { reason }, options),
    resolve: () => post('/api/v1/ops/sagas/{sagaId}/resolve', { step, reason, ...settlement }, options),
  })[action]();
  const preview = useQuery({
    queryKey: ['preview', saga.sagaId, saga.version, action, step, told], gcTime: 0,
    queryFn: ({ signal }) => dryRun(action, { step, ...told }, { ...options, signal }),
  });
  return (
    <ReasonDialog title={t.order.actions[action]} isOpen onClose={onClose} confirm={t.order.actions[action]} isDanger={action === 'cancel'}
      done={t.order.actions.done[action]} isBlocked={preview.data?.rehearsal.verdict === 'refused'} act={run}>
      <Text size="sm">{t.order.actions.hint[action]}</Text>
      {action === 'resolve' && steps.length > 1 && (
        <Select label={t.order.step} value={step} data={steps.map((s) => ({ value: s.name, label: t.steps[s.name] ?? s.name }))}
          onChange={(v) => { setStep(v ?? ''); setSettlement({}); }} />
      )}
      {action === 'resolve' && (
        <SettlementFields detail={steps.find((s) => s.name === step)?.settledWith ?? 'none'} value={settlement} onChange={setSettlement} />
      )}
      {preview.isLoading && <Loader size="sm" />}
      {preview.error && <Alert color="red">{preview.error.message}</Alert>}
      {preview.data && <Foreseen preview={preview.data} saga={saga} />}
    </ReasonDialog>
  );
}

const dryRun = (action: Action, settled: Schemas['ResolveStepBody'], options: { params: { sagaId: string }; signal: AbortSignal }) => ({
  cancel: () => post('/api/v1/ops/sagas/{sagaId}/cancel/dry-run', undefined, options),
  retry: () => post('/api/v1/ops/sagas/{sagaId}/retry/dry-run', undefined, options),
  resolve: () => post('/api/v1/ops/sagas/{sagaId}/resolve/dry-run', settled, options),
})[action]();

function Foreseen({ preview, saga }: { preview: Schemas['SagaPreview']; saga: SagaData }) {
  const t = useText();
  return (
    <>
      <Preview rehearsal={preview.rehearsal} />
      {preview.outlook && (
        <div>
          <Text size="sm" fw={600} mb={4}>{t.preview.then}</Text>
          <Outlook saga={{ ...saga, status: preview.status ?? saga.status, outlook: preview.outlook, reason: undefined, waitsFor: undefined }} />
        </div>
      )}
    </>
  );
}
