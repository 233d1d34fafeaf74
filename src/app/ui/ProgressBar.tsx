/** @param label what it is the progress of. @param share 0 to 1; absent where it is not known. @param text the share in words, where a percentage says too little */
export function ProgressBar({ label, share, text }: { label: string; share?: number; text?: string }) {
  const percent = share === undefined ? undefined : Math.floor(share * 100);
  return (
    <span
      className="progress"
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuetext={text}
    >
      <span style={{ width: `${(share ?? 0) * 100}%` }} />
    </span>
  );
}
