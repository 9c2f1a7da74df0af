import {
  Badge, Button, createTheme, defaultVariantColorsResolver, NumberInput, Paper, Select, Table, TextInput, Tooltip,
  type CSSVariablesResolver, type VariantColorsResolver,
} from '@mantine/core';
import { text } from '../text';

// Mantine's light variants are too pale for WCAG AA; here their text is darker on light and lighter on dark ground.
const variantColorResolver: VariantColorsResolver = (input) => {
  const usual = defaultVariantColorsResolver(input);
  const color = input.color ?? input.theme.primaryColor;
  if (color.includes('.') || !(color in input.theme.colors)) {
    return usual;
  }
  const shade = (n: number) => `var(--mantine-color-${color}-${n})`;
  if (input.variant === 'outline') {
    return { ...usual, color: `light-dark(${shade(9)}, ${shade(4)})`, border: `1px solid light-dark(${shade(9)}, ${shade(4)})` };
  }
  if (input.variant !== 'light') {
    return usual;
  }
  return {
    ...usual,
    color: `light-dark(color-mix(in srgb, ${shade(9)} 72%, black), ${shade(2)})`,
    background: `light-dark(${shade(1)}, color-mix(in srgb, ${shade(8)} 28%, transparent))`,
    hover: `light-dark(${shade(2)}, color-mix(in srgb, ${shade(8)} 42%, transparent))`,
  };
};

export const variables: CSSVariablesResolver = () => ({
  variables: { '--doa-mono': 'var(--mantine-font-family-monospace)' },
  light: {
    '--mantine-color-dimmed': '#565e66',
    '--mantine-color-error': 'var(--mantine-color-red-9)',
    '--mantine-color-placeholder': '#646c74',
    '--doa-ground': '#f5f6f9',
    '--doa-line': '#e3e6ec',
  },
  dark: {
    '--mantine-color-dimmed': '#a4a9b3',
    '--mantine-color-placeholder': '#8f949d',
    '--mantine-color-anchor': 'var(--mantine-color-indigo-3)',
    '--mantine-color-body': '#1b1d23',
    '--doa-ground': '#131419',
    '--doa-line': '#2f323b',
  },
});

const fonts = "Pretendard, 'Apple SD Gothic Neo', 'Noto Sans KR', 'Malgun Gothic', NanumGothic";

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 8 },
  defaultRadius: 'md',
  fontFamily: `Inter, 'Segoe UI', Roboto, 'Noto Sans', system-ui, -apple-system, ${fonts}, sans-serif`,
  fontFamilyMonospace: `ui-monospace, 'SF Mono', 'Cascadia Code', Menlo, Consolas, 'DejaVu Sans Mono', monospace`,
  headings: { fontWeight: '650' },
  variantColorResolver,
  components: {
    Paper: Paper.extend({ defaultProps: { radius: 'lg', withBorder: true } }),
    Badge: Badge.extend({ defaultProps: { variant: 'light', radius: 'sm', tt: 'none', fw: 600, style: { flexShrink: 0, minWidth: 'fit-content' } } }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 8, horizontalSpacing: 'sm' } }),
    // What scrolls can be scrolled with the keyboard.
    TableScrollContainer: { defaultProps: { type: 'native', tabIndex: 0 } },
    Notification: { defaultProps: () => ({ closeButtonProps: { 'aria-label': text().common.close } }) },
    Button: Button.extend({ defaultProps: { size: 'sm' } }),
    TextInput: TextInput.extend({ defaultProps: { size: 'sm' } }),
    NumberInput: NumberInput.extend({ defaultProps: { size: 'sm' } }),
    Select: Select.extend({ defaultProps: { size: 'sm', comboboxProps: { withinPortal: true } } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 200, withArrow: true, multiline: true, maw: 360 } }),
  },
});
