import { CircleCheck, CircleX } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { LessonCheck, LessonName } from '../../src-shared/contract/practice';
import { api } from '../api/api';
import { hasMessage, useText } from '../i18n/translate';
import { Button } from '../ui/button';
import { ErrorNotice } from '../ui/errorNotice';

/** Looks at what the learner made, and says of each thing whether it holds. */
export function LessonChecks({
  name,
  onChecked,
}: {
  readonly name: LessonName;
  readonly onChecked: (passed: boolean) => void;
}): ReactNode {
  const t = useText();
  const [busy, setBusy] = useState(false);
  const [checks, setChecks] = useState<readonly LessonCheck[]>();
  const [error, setError] = useState<unknown>();
  const check = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      const found = await api.practice.check({ lesson: name });
      setChecks(found.checks);
      onChecked(found.done);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const missing = checks?.filter(({ ok }) => !ok).length ?? 0;
  return (
    <>
      <div>
        <Button kind="primary" lesson="coach.check" isDisabled={busy} onPress={() => void check()}>
          {busy ? t('practice.checking') : t('practice.check')}
        </Button>
      </div>
      {checks !== undefined && (
        <>
          <ul className="lesson-checks">
            {checks.map(({ name: what, ok }) => {
              const key = `practice.check.${what}`;
              return (
                <li key={what}>
                  {ok ? (
                    <CircleCheck className="ui-icon ok" aria-label={t('practice.holds')} />
                  ) : (
                    <CircleX className="ui-icon missing" aria-label={t('practice.missing')} />
                  )}
                  <span>{hasMessage(key) ? t(key) : what}</span>
                </li>
              );
            })}
          </ul>
          <p>
            <strong>
              {missing === 0 ? t('practice.passed') : t('practice.notPassed', { count: missing })}
            </strong>
          </p>
        </>
      )}
      {error !== undefined && <ErrorNotice error={error} />}
    </>
  );
}
