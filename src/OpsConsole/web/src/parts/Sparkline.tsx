/** A line of numbers in a corner: its shape says enough. */
export function Sparkline({ values, color = 'indigo', label }: { values: (number | null | undefined)[]; color?: string; label: string }) {
  const [width, height] = [120, 30];
  const known = values.filter((v) => v != null);
  const top = Math.max(...known, 1e-9);
  const points = values
    .map((v, i) => (v == null ? undefined : `${((i / Math.max(values.length - 1, 1)) * width).toFixed(1)},${(height - 2 - (v / top) * (height - 4)).toFixed(1)}`))
    .filter((p) => p !== undefined);
  const line = points.join(' ');
  return (
    <svg viewBox={`0 0 ${width} ${height}`} width="100%" height={height} preserveAspectRatio="none" role="img" aria-label={label}>
      {points.length > 1 && (
        <>
          <polygon points={`${points[0]?.split(',')[0]},${height} ${line} ${points.at(-1)?.split(',')[0]},${height}`}
            fill={`var(--mantine-color-${color}-5)`} opacity={0.14} />
          <polyline points={line} fill="none" stroke={`var(--mantine-color-${color}-5)`} strokeWidth={1.75}
            vectorEffect="non-scaling-stroke" strokeLinejoin="round" />
        </>
      )}
    </svg>
  );
}
