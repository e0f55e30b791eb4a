import type { ImageSummary } from '../../../src-shared/model/summaries';

/** "2: + Office" */
export function imageLabel({ index, name }: Pick<ImageSummary, 'index' | 'name'>): string {
  return name === '' ? String(index) : `${index}: ${name}`;
}
