import { SimpleGrid, Text, UnstyledButton } from '@mantine/core';
import { useText } from '../../text';
import { scenarios, type Scenario } from './scenarios';
import classes from './Playground.module.css';

/** Every scenario as something to press. */
export function ScenarioCards({ chosen, onChoose }: { chosen: Scenario; onChoose: (scenario: Scenario) => void }) {
  const t = useText();
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, md: 5 }} spacing="xs" role="radiogroup" aria-label={t.playground.scenario}>
      {scenarios.map((scenario) => (
        <UnstyledButton key={scenario.id} className={classes.scenario} data-chosen={scenario === chosen || undefined} role="radio"
          aria-checked={scenario === chosen} onClick={() => onChoose(scenario)}>
          <Text size="sm" fw={650}>{t.playground.names[scenario.id]}</Text>
          <Text fz={11} c="dimmed" className="mono wrap">{[scenario.billingKey, scenario.postalCode].filter(Boolean).join(' · ') || (scenario.cancels ? 'cancel' : scenario.soldOut ? 'stock 0' : scenario.id === 'mixed' ? '…' : 'bk_ok')}</Text>
        </UnstyledButton>
      ))}
    </SimpleGrid>
  );
}
