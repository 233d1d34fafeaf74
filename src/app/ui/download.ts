/** Hands a file to the browser's download. */
export function download(name: string, content: Blob | string, type = 'text/plain'): void {
  const blob = typeof content === 'string' ? new Blob([content], { type }) : content;
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Hands an object to the browser's download, to be read by people too. */
export function saveJson(name: string, content: unknown): void {
  download(name, JSON.stringify(content, undefined, 2), 'application/json');
}
