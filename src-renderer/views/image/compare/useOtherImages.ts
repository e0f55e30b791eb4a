import { useEffect, useState } from 'react';
import type { ImageSummary } from '../../../../src-shared/model/summaries';
import { api } from '../../../api/api';
import { useText } from '../../../i18n/translate';
import { describeError } from '../../../ui/errors';

/** The images of another WIM, read shortly after its path was last changed. @param wim '' : none */
export function useOtherImages(wim: string): {
  readonly images: readonly ImageSummary[];
  readonly problem: string | undefined;
} {
  const t = useText();
  const [state, setState] = useState<{ wim: string; images: readonly ImageSummary[]; error: unknown }>({
    wim: '',
    images: [],
    error: undefined,
  });
  useEffect(() => {
    if (wim === '') return undefined;
    let overtaken = false;
    const read = async (): Promise<void> => {
      try {
        const { session, summary } = await api.browse.open({ wim });
        if (!overtaken) setState({ wim, images: summary.images, error: undefined });
        await api.browse.close({ session });
      } catch (error) {
        if (!overtaken) setState({ wim, images: [], error });
      }
    };
    const timer = setTimeout(() => void read(), 300);
    return () => {
      overtaken = true;
      clearTimeout(timer);
    };
  }, [wim]);
  const current = state.wim === wim && wim !== '';
  return {
    images: current ? state.images : [],
    problem: current && state.error !== undefined ? describeError(state.error, t).message : undefined,
  };
}
