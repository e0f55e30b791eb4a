import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import type { LessonName, PracticeStatus } from '../../src-shared/contract/practice';
import { useText } from '../i18n/translate';
import { endLesson, goToStep, startLesson, useLesson } from '../stores/lesson';
import { navigate } from '../stores/route';
import { Button, IconButton } from '../ui/button';
import { classes } from '../ui/classes';
import { CodeLine } from '../ui/pieces';
import { LessonChecks } from './LessonChecks';
import { lessonAfter, lessonsOf, type Lesson } from './lessons';
import { useMarked } from './useMarked';
import { usePractice } from './usePractice';
import './lessons.css';

/** The lesson under way, beside whatever view it leads through. */
export function LessonCoach(): ReactNode {
  const { lesson } = useLesson();
  const { status } = usePractice();
  if (lesson === null || status?.made !== true) return null;
  return <Coach key={lesson} name={lesson} bench={status} />;
}

function Coach({ name, bench }: { readonly name: LessonName; readonly bench: PracticeStatus }): ReactNode {
  const t = useText();
  const lesson = useMemo(
    () => lessonsOf(bench).find((other) => other.name === name) as Lesson,
    [bench, name],
  );
  const index = Math.min(
    useLesson((state) => state.step),
    lesson.steps.length - 1,
  );
  const step = lesson.steps[index];
  const [passed, setPassed] = useState(false);
  const [folded, setFolded] = useState(false);
  const { box, hidesCoach } = useMarked(step.targets);
  const next = lessonAfter(name);
  const { place } = step;
  const words = t(step.text, {
    wim: bench.wim,
    reference: bench.reference,
    changedReference: bench.changedReference,
    target: bench.target,
    disk: bench.disk,
    newPc: bench.newPc,
    drivers: bench.drivers,
    deviceList: bench.deviceList,
    driversWim: bench.driversWim,
  });
  return (
    <>
      {box !== undefined && <div className="lesson-mark" style={box} aria-hidden />}
      <section
        className={classes('lesson-coach', hidesCoach && 'left', folded && 'folded')}
        aria-label={t('practice.coach', { title: t(`practice.lesson.${name}`) })}
      >
        <header>
          <h2>{t(`practice.lesson.${name}`)}</h2>
          <span className="soft">{t('practice.step', { step: index + 1, count: lesson.steps.length })}</span>
          <IconButton
            label={t(folded ? 'practice.coachUnfold' : 'practice.coachFold')}
            icon={folded ? ChevronUp : ChevronDown}
            aria-expanded={!folded}
            onPress={() => setFolded(!folded)}
          />
          <IconButton label={t('practice.coachEnd')} icon={X} onPress={endLesson} />
        </header>
        <div className="body scroll" role="status">
          <p>
            <strong>{words}</strong>
          </p>
          {step.path !== undefined && <CodeLine text={step.path} label={words} />}
          <p className="soft">
            {t('practice.why')} {t(step.why)}
          </p>
          {step.check !== true && (
            <p className="soft">{box === undefined ? t('practice.coachNotHere') : t('practice.coachHere')}</p>
          )}
          {step.check === true && <LessonChecks name={name} onChecked={setPassed} />}
        </div>
        <footer>
          {place !== undefined && box === undefined && (
            <Button onPress={() => navigate(place.view, place.params)}>{t('practice.coachGo')}</Button>
          )}
          <Button isDisabled={index === 0} onPress={() => goToStep(index - 1)}>
            {t('practice.coachBack')}
          </Button>
          {step.check !== true && (
            <Button kind="primary" lesson="coach.next" onPress={() => goToStep(index + 1)}>
              {t('practice.coachNext')}
            </Button>
          )}
          {step.check === true && passed && next !== undefined && (
            <Button kind="primary" onPress={() => startLesson(next)}>
              {t('practice.nextLesson')}
            </Button>
          )}
        </footer>
      </section>
    </>
  );
}
