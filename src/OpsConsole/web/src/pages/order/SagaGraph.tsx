import '@xyflow/react/dist/base.css';
import { useMediaQuery } from '@mantine/hooks';
import { ReactFlow, ReactFlowProvider, useNodesInitialized, useReactFlow, useStore } from '@xyflow/react';
import { useEffect, useMemo } from 'react';
import { useText } from '../../text';
import type { Outline, SagaData } from './data';
import { picture } from './layout';
import { StepBox } from './StepBox';
import classes from './SagaGraph.module.css';

const types = { step: StepBox };

type Props = { outline: Outline; saga?: SagaData; counts?: Record<string, number> };

/** The saga as its definition draws it, with where each step stands. The ledger says the same in words. */
export function SagaGraph({ outline, saga, counts }: Props) {
  const t = useText();
  const isVertical = useMediaQuery('(max-width: 48em)') ?? false;
  const { nodes, edges } = useMemo(() => picture(outline, isVertical, saga, counts), [outline, isVertical, saga, counts]);
  return (
    <div className={isVertical ? classes.tall : classes.wide} role="group" aria-label={t.order.graphLabel}>
      <ReactFlowProvider>
        <ReactFlow nodes={nodes} edges={edges} nodeTypes={types} fitView nodesDraggable={false} nodesConnectable={false}
          nodesFocusable={false} edgesFocusable={false} elementsSelectable={false} panOnDrag={false} zoomOnScroll={false}
          zoomOnPinch={false} zoomOnDoubleClick={false} preventScrolling={false} minZoom={0.2} maxZoom={1.1} />
        <KeepInSight isVertical={isVertical} padding={counts ? 0.08 : 0.04} />
      </ReactFlowProvider>
    </div>
  );
}

/** The whole picture stays in sight when the window changes. */
function KeepInSight({ isVertical, padding }: { isVertical: boolean; padding: number }) {
  const { fitView } = useReactFlow();
  const [width, height] = [useStore((s) => s.width), useStore((s) => s.height)];
  const isReady = useNodesInitialized();
  useEffect(() => {
    if (isReady) {
      void fitView({ padding, maxZoom: 1.1 });
    }
  }, [fitView, width, height, isVertical, isReady, padding]);
  return null;
}
