import { Component, type ReactNode } from 'react';

/** Catches errors of rendering: says what happened and what to do, in place of an empty window. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error?: Error }> {
  override state: { error?: Error } = {};

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <main className="fallen" role="alert">
        <h1>The page cannot go on</h1>
        <p>
          Reload it: its address keeps the study, and what was computed is kept in this browser. It met this
          error: {error.message}
        </p>
        <button type="button" className="button" onClick={() => location.reload()}>
          Reload
        </button>
      </main>
    );
  }
}
