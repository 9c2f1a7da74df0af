import type { Schemas } from '../../api/client';
import type { OverviewData } from '../../api/overview';
import { SagaGraph } from '../order/SagaGraph';

type Props = { outline: Schemas['SagaOutline']; overview: OverviewData; before: OverviewData['today'] | undefined };

/** Where all orders stand now, as numbers on the definition; what ended is counted since the last run began. */
export function FlowGraph({ outline, overview, before }: Props) {
  const counts: Record<string, number> = {};
  for (const saga of overview.sagas.filter((s) => s.definition === outline.name && s.step)) {
    const box = saga.status === 'in_progress' ? saga.step! : `undo_${saga.step}`;
    counts[box] = (counts[box] ?? 0) + saga.count;
  }
  const since = (name: 'succeeded' | 'failed' | 'undoneLater') => overview.today[name] - (before?.[name] ?? 0);
  counts['completed'] = since('succeeded');
  counts['cancelled'] = since('failed') + since('undoneLater');
  return <SagaGraph outline={outline} counts={counts} />;
}
