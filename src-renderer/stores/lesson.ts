import { create } from 'zustand';
import { lessonNames, type LessonName } from '../../src-shared/contract/practice';

interface LessonState {
  /** The lesson under way. */
  readonly lesson: LessonName | null;
  readonly step: number;
}

const KEY = 'wimsmith.lesson';

/** The lesson under way; a reload goes on with it. */
export const useLesson = create<LessonState>(() => restore());

useLesson.subscribe((state) => sessionStorage.setItem(KEY, JSON.stringify(state)));

export function startLesson(lesson: LessonName): void {
  useLesson.setState({ lesson, step: 0 });
}

export function goToStep(step: number): void {
  useLesson.setState({ step });
}

export function endLesson(): void {
  useLesson.setState({ lesson: null, step: 0 });
}

function restore(): LessonState {
  const none = { lesson: null, step: 0 };
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Partial<LessonState> | null;
    const lesson = lessonNames.find((name) => name === kept?.lesson);
    return lesson === undefined ? none : { lesson, step: Number(kept?.step) || 0 };
  } catch (error) {
    if (error instanceof SyntaxError) return none;
    throw error;
  }
}
