import { ActionIcon, CopyButton, Group, Text, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useText } from '../text';

/** An id that can be copied. */
export function CopyText({ value, label }: { value: string; label: string }) {
  const t = useText();
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Group gap={4} wrap="nowrap" miw={0}>
          <Text component="span" size="sm" className="mono wrap">{value}</Text>
          <Tooltip label={copied ? t.common.copied : t.common.copy}>
            <ActionIcon size="sm" variant="subtle" onClick={copy} aria-label={`${t.common.copy}: ${label}`}>
              {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
            </ActionIcon>
          </Tooltip>
        </Group>
      )}
    </CopyButton>
  );
}
