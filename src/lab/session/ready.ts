/** Sent by the lab's worker, outside Comlink, once it holds the lock that tells whether it lives. */
export const READY = 'lethe:ready';
