import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';

/** Of a process in `/proc/PID/stat`: when it began, in ticks since the machine did. Process ids are given again, these pairs are not. */
function startOf(pid: number | 'self'): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The program's name, in brackets, may hold spaces and brackets; the start is the 20th field behind it.
  return stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .at(19)!;
}

let own: string | undefined;

/**
 * What tells this process from all others: `MACHINE-PID-START`, of lower-case letters and digits. MACHINE stands for one boot of a kernel
 * and one space of process ids, so that containers and machines that share a folder do not judge each other's processes. Empty
 * where the system has no `/proc`: then nobody can say of this process that it is gone. For Node only.
 */
export function processMark(): string {
  own ??= markOf();
  return own;
}

function markOf(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1');
    const machine = createHash('sha256').update(boot).update(readlinkSync('/proc/self/ns/pid')).digest('hex');
    return `${machine.slice(0, 12)}-${process.pid}-${startOf('self')}`;
  } catch {
    return '';
  }
}

/** Whether a mark is that of a process of this machine that has ended. Of any other text, and of other machines, nothing is known. */
export function isGone(mark: string): boolean {
  const [, machine, pid, start] = /^([0-9a-f]{12})-(\d+)-(\d+)$/.exec(mark) ?? [];
  if (machine === undefined || !processMark().startsWith(`${machine}-`)) return false;
  try {
    return startOf(Number(pid)) !== start;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ESRCH';
  }
}
