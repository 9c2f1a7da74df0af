import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { useText } from '../text';

type Line = { label: string; color: string; values: (number | null)[]; kind: 'bars' | 'line' };
type Props = { label: string; days: string[]; lines: Line[]; show: (value: number) => string };

const height = 220;

/** Days along, numbers up: bars for what is counted, lines for what is measured. */
export function Chart({ label, days, lines, show }: Props) {
  const { day } = useText().stats;
  const { ref, width } = useElementSize();
  const place = useRef<HTMLDivElement>(null);
  const isDark = useComputedColorScheme('light') === 'dark';
  useEffect(() => {
    if (!place.current || width === 0) {
      return;
    }
    const [ink, grid] = isDark ? ['#a4a9b3', '#2f323b'] : ['#565e66', '#e3e6ec'];
    const axis = { stroke: ink, grid: { stroke: grid, width: 1 }, ticks: { show: false }, font: '12px system-ui' };
    const plot = new uPlot({
      width, height, cursor: { y: false, points: { size: 7 } },
      scales: { x: { time: false, range: (_, min, max) => [min - 0.6, max + 0.6] }, y: { range: (_, __, max) => [0, Math.max(max * 1.12, 1)] } },
      axes: [
        { ...axis, grid: { show: false }, values: (_, at) => at.map((i) => (Number.isInteger(i) ? (days[i]?.slice(5) ?? '') : '')), space: 60 },
        { ...axis, size: 84, values: (_, at) => at.map(show) },
      ],
      series: [{ label: day, value: (_, i: number | null) => (i == null ? '' : (days[i] ?? '')) }, ...lines.map((line) => ({
        label: line.label, value: (_: uPlot, v: number | null) => (v == null ? '–' : show(v)), stroke: line.color, width: 2, fill: line.kind === 'bars' ? `${line.color}cc` : undefined,
        points: { show: line.kind === 'line', size: 6 }, paths: line.kind === 'bars' ? uPlot.paths.bars!({ size: [0.6, 44], radius: 0.15 }) : undefined,
      }))],
    }, [days.map((_, i) => i), ...lines.map((line) => line.values)], place.current);
    return () => plot.destroy();
  }, [width, isDark, days, lines, show, day]);
  const text = lines.map((line) => `${line.label}: ${line.values.map((v, i) => (v == null ? '' : `${days[i]} ${show(v)}`)).filter(Boolean).join(', ')}`).join('. ');
  return <div ref={ref} role="img" aria-label={`${label}. ${text}`}><div ref={place} style={{ minHeight: height }} /></div>;
}
