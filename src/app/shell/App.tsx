/** The page. */
export function App() {
  return <main className="panel">Lethe</main>;
}
