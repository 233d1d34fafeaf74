/** Why something is not there, a sentence each. */
export const Absences = ({ absences }: { absences: readonly string[] }) =>
  absences.map((absence) => (
    <p key={absence} className="muted">
      {absence}
    </p>
  ));
