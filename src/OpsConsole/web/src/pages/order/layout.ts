import type { Edge, Node } from '@xyflow/react';
import type { Schemas } from '../../api/client';
import type { Outline, SagaData } from './data';

type StepOutline = Schemas['StepOutline'];
type StepState = Schemas['StepState'];
type Role = 'step' | 'undo' | 'end';

export type StepData = {
  role: Role; name: string; color: string; isActive: boolean; isDim: boolean; command?: string;
  status?: Schemas['StepStatus']; took?: number; attempts?: number; count?: number; isVertical: boolean;
};
export type StepNode = Node<StepData, 'step'>;

const undone = new Set<string | undefined>(['compensating', 'compensated', 'compensation_failed']);
const colors: Record<string, string> = {
  completed: 'teal', in_progress: 'blue', failed: 'red', timed_out: 'orange', compensating: 'orange', compensated: 'grape',
  compensation_failed: 'red', stuck: 'red', skipped: 'gray', pending: 'gray',
};

/** Where each box stands: steps in a line, each step's undo beside it, and the line of undos runs back. */
const place = (i: number, isUndo: boolean, isVertical: boolean) =>
  isVertical ? { x: isUndo ? 186 : 0, y: i * 112 } : { x: i * 214, y: isUndo ? 138 : 0 };

// Sizes are given, so that a box that changes is not measured, and hidden meanwhile, each time.
const sized = (role: Role, isVertical: boolean) => {
  const [width, height] = [role === 'end' ? 130 : isVertical ? 156 : 176, role === 'end' ? 50 : 72];
  return { width, height, measured: { width, height } };
};

/** The picture of a definition: with where each step of a saga stands, or with how many sagas stand where. */
export function picture(
  outline: Outline, isVertical: boolean, saga: SagaData | undefined, counts: Record<string, number> | undefined,
): { nodes: StepNode[]; edges: Edge[] } {
  const state = new Map(saga?.steps.map((step) => [step.name, step]));
  const isBack = ['compensating', 'cancelled', 'needs_attention'].includes(saga?.status ?? '');
  const isUndone = saga?.compensated ?? false;
  const nodes = outline.steps.flatMap((step, i) => boxes(step, i, state.get(step.name), saga, isVertical));
  nodes.push(
    end('completed', place(outline.steps.length, false, isVertical), saga?.status === 'completed', 'teal', isVertical),
    end('cancelled', place(0, true, isVertical), isUndone, 'grape', isVertical),
  );
  return {
    nodes: counts ? nodes.map((node) => counted(node, counts[node.id])) : nodes,
    edges: outline.steps.flatMap((step, i) => arrows(outline, step, i, state, isBack, isUndone)),
  };
}

function counted(node: StepNode, count: number | undefined): StepNode {
  const { role, name } = node.data;
  const color = role === 'undo' ? 'orange' : role === 'step' ? 'blue' : name === 'completed' ? 'teal' : 'grape';
  return count ? { ...node, data: { ...node.data, count, color, isDim: false, isActive: role !== 'end' } } : node;
}

function boxes(step: StepOutline, i: number, state: StepState | undefined, saga: SagaData | undefined, isVertical: boolean): StepNode[] {
  const isUndone = undone.has(state?.status);
  const done = state?.status === 'compensating' || state?.status === 'compensated' || state?.status === 'compensation_failed'
    ? (state.doneAt ? 'completed' : 'timed_out')
    : (state?.status ?? 'pending');
  const box = (role: Role, data: Partial<StepData>): StepNode => ({
    id: role === 'undo' ? `undo_${step.name}` : step.name, type: 'step', position: place(i, role === 'undo', isVertical),
    ...sized(role, isVertical),
    data: { role, name: step.name, color: 'gray', isActive: false, isDim: true, isVertical, ...data },
  });
  const found = [box('step', {
    command: step.asks ?? step.doneOn ?? undefined, status: done as Schemas['StepStatus'], color: colors[done] ?? 'gray',
    isActive: !isUndone && saga?.currentStep === step.name, isDim: done === 'pending' || done === 'skipped',
    took: took(state?.startedAt, state?.doneAt), attempts: isUndone ? undefined : state?.attempts,
  })];
  if (step.undoneBy) {
    found.push(box('undo', {
      command: step.undoneBy, isDim: !isUndone, isActive: isUndone && saga?.currentStep === step.name && saga.status !== 'needs_attention',
      ...(isUndone && state ? {
        status: state.status, color: colors[state.status ?? 'pending'] ?? 'gray', attempts: state.attempts,
      } : {}),
    }));
  }
  return found;
}

const took = (from: string | null | undefined, to: string | null | undefined) =>
  from && to ? new Date(to).getTime() - new Date(from).getTime() : undefined;

const end = (id: string, position: StepNode['position'], isReached: boolean, color: string, isVertical: boolean): StepNode => ({
  id, type: 'step', position: isVertical ? position : { ...position, y: position.y + 11 }, ...sized('end', isVertical),
  data: { role: 'end', name: id, color: isReached ? color : 'gray', isActive: false, isDim: !isReached, isVertical },
});

function arrows(
  outline: Outline, step: StepOutline, i: number, state: Map<string, StepState>, isBack: boolean, isCompensated: boolean,
): Edge[] {
  const now = state.get(step.name);
  const next = outline.steps[i + 1];
  const earlier = outline.steps.slice(0, i).findLast((s) => s.undoneBy);
  const back = earlier ? `undo_${earlier.name}` : 'cancelled';
  const isEarlierBegun = earlier ? undone.has(state.get(earlier.name)?.status) : isCompensated;
  const wasDone = now?.doneAt != null && now.status !== 'failed';
  const nextState = next && state.get(next.name)?.status;
  const found = [arrow(step.name, next?.name ?? 'completed', wasDone && nextState !== 'skipped' && nextState !== 'pending', 'teal', 'go')];
  if (step.undoneBy) {
    found.push(arrow(step.name, `undo_${step.name}`, undone.has(now?.status), 'orange', 'turn'));
    found.push(arrow(`undo_${step.name}`, back, now?.status === 'compensated' && isEarlierBegun, 'grape', 'back'));
  }
  if (step.failedOn) {
    found.push(arrow(step.name, back, now?.status === 'failed' && isBack, 'red', 'fail'));
  }
  return found;
}

function arrow(source: string, target: string, isTaken: boolean, color: string, kind: 'go' | 'turn' | 'back' | 'fail'): Edge {
  const stroke = isTaken ? `var(--mantine-color-${color}-5)` : 'light-dark(#c9ced8, #454956)';
  const [sourceHandle, targetHandle] = { go: ['next', 'in'], turn: ['down', 'top'], back: ['back', 'entry'], fail: ['down', 'top'] }[kind] as [string, string];
  return {
    id: `${source}-${target}-${kind}`, source, target, sourceHandle, targetHandle, type: 'smoothstep', focusable: false,
    zIndex: isTaken ? 1 : 0,
    style: { stroke, strokeWidth: isTaken ? 2.5 : 1.5, ...(kind === 'fail' || kind === 'turn' ? { strokeDasharray: '5 4' } : {}) },
    markerEnd: { type: 'arrowclosed' as never, color: stroke, width: 14, height: 14 },
  };
}
