export const packLinks: [from: string, to: string][];
export function whyNotPacked(
  machine: { platform: string; arch: string },
  license?: string,
): string | undefined;
