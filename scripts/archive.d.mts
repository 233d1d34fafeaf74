export const packLinks: [from: string, to: string][];
export function whyNotPacked(
  machine: { platform: string; arch: string; config: { variables: { node_shared?: boolean } } },
  license?: string,
): string | undefined;
