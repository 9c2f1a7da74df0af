import { Group, Text, UnstyledButton } from '@mantine/core';
import type { Schemas } from '../../api/client';
import { Ago } from '../../parts/When';
import { useText } from '../../text';

/** A dead letter in the list. */
export function LetterRow({ letter, onLook }: { letter: Schemas['DeadLetterView']; onLook: () => void }) {
  const t = useText();
  return (
    <UnstyledButton onClick={onLook} w="100%" p="xs" className="plain" style={{ borderRadius: 8 }}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div style={{ minWidth: 0 }}>
          <Text size="sm" fw={650} className="mono follows">{letter.eventType}</Text>
          <Text size="sm" className="clip">{letter.reason}</Text>
          <Text size="xs" c="dimmed">{letter.queue} · {t.deadLetters.attempts(letter.attempts)}</Text>
        </div>
        <Ago at={letter.deadAt} c="dimmed" style={{ whiteSpace: 'nowrap' }} />
      </Group>
    </UnstyledButton>
  );
}
