import { useEffect, useState } from 'react';

const NAMES = [
  'paper',
  'panel',
  'raised',
  'ink',
  'muted',
  'line',
  'accent',
  'accent-soft',
  'forget',
  'forget-soft',
  'retain',
  'test',
  'oracle',
  'original',
  'scale-low',
] as const;

/** The page's colours by meaning, resolved: a canvas cannot read CSS variables by itself. */
export type Colors = Record<(typeof NAMES)[number], string> & { dark: boolean };

function readColors(): Colors {
  const style = getComputedStyle(document.documentElement);
  const colors = Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  return { ...colors, dark: style.colorScheme === 'dark' } as Colors;
}

/** The theme's colours, read again when the reader switches between light and dark. */
export function useColors(): Colors {
  const [colors, setColors] = useState(readColors);
  useEffect(() => {
    const refresh = () => setColors(readColors());
    refresh();
    const observer = new MutationObserver(refresh);
    observer.observe(document.documentElement, {
      attributes: true,
      attributeFilter: ['data-mantine-color-scheme', 'style', 'class'],
    });
    const media = matchMedia('(prefers-color-scheme: dark)');
    media.addEventListener('change', refresh);
    return () => {
      observer.disconnect();
      media.removeEventListener('change', refresh);
    };
  }, []);
  return colors;
}
