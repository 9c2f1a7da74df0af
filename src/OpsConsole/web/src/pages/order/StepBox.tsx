import { Text } from '@mantine/core';
import { Handle, Position, type NodeProps } from '@xyflow/react';
import { duration } from '../../parts/format';
import { useText } from '../../text';
import type { StepNode } from './layout';
import classes from './SagaGraph.module.css';

/** A step, an undo, or an end. */
export function StepBox({ data }: NodeProps<StepNode>) {
  const t = useText();
  const step = t.steps[data.name] ?? data.name;
  const title = data.role === 'end'
    ? (data.name === 'completed' ? t.order.completed : t.order.cancelled)
    : data.role === 'undo' ? t.undoOf(step) : step;
  const detail = [
    data.status && (data.role === 'undo' || data.status !== 'pending') ? t.stepStatus[data.status] : undefined,
    data.took === undefined ? undefined : duration(data.took, t),
    (data.attempts ?? 0) > 1 ? `×${data.attempts}` : undefined,
  ].filter(Boolean).join(' · ');
  return (
    <div className={`${classes.box} ${data.isActive ? 'moves' : ''}`} data-role={data.role} data-dim={data.isDim || undefined}
      data-step={data.name} data-status={data.status} style={{ '--box': `var(--mantine-color-${data.color}-6)`, '--tint': `var(--mantine-color-${data.color}-5)` } as React.CSSProperties}>
      <Text fz={13} fw={650} lh={1.25} className="clip" title={title}>{title}</Text>
      {data.command && <Text fz={11} c="dimmed" className="mono clip" title={data.command}>{data.command}</Text>}
      {detail && <Text size="xs" fw={550} className="clip">{detail}</Text>}
      {data.count !== undefined && <div className={classes.count}>{t.common.count(data.count)}</div>}
      <Handles isVertical={data.isVertical} isUndo={data.role === 'undo' || data.name === 'cancelled'} />
    </div>
  );
}

function Handles({ isVertical, isUndo }: { isVertical: boolean; isUndo: boolean }) {
  const at = (horizontal: Position, vertical: Position) => (isVertical ? vertical : horizontal);
  return isUndo ? (
    <>
      <Handle type="target" id="top" position={at(Position.Top, Position.Left)} className={classes.handle} />
      <Handle type="target" id="entry" position={at(Position.Right, Position.Bottom)} className={classes.handle} />
      <Handle type="source" id="back" position={at(Position.Left, Position.Top)} className={classes.handle} />
    </>
  ) : (
    <>
      <Handle type="target" id="in" position={at(Position.Left, Position.Top)} className={classes.handle} />
      <Handle type="source" id="next" position={at(Position.Right, Position.Bottom)} className={classes.handle} />
      <Handle type="source" id="down" position={at(Position.Bottom, Position.Right)} className={classes.handle} />
    </>
  );
}
