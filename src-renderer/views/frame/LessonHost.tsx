import { lazy, Suspense, type ReactNode } from 'react';
import { useLesson } from '../../stores/lesson';

const Coach = lazy(async () => ({ default: (await import('../../lessons/LessonCoach')).LessonCoach }));

/** The lesson under way; its code is loaded when there is one. */
export function LessonHost(): ReactNode {
  const { lesson } = useLesson();
  if (lesson === null) return null;
  return (
    <Suspense fallback={null}>
      <Coach />
    </Suspense>
  );
}
