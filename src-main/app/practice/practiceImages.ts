import { AppError } from '../../../src-shared/errors/appError';
import type { browse } from '../../../src-shared/contract/browse';
import type { WimSummary } from '../../../src-shared/model/summaries';
import type { Proxy } from '../../../src-shared/rpc/client';

/** A learner's WIM, opened to be looked at. */
export interface LessonWim {
  readonly summary: WimSummary;
  /**
   * SHA-1 of the unnamed data of a file, in hex; '' of what has none, undefined where nothing is.
   * @param image from 1 on
   * @param path from the image's root, '/' between names and in front
   */
  sha1(image: number, path: string): Promise<string | undefined>;
  /** For each image the stored bytes that no other image names. */
  onlyInImages(): Promise<readonly number[]>;
  close(): Promise<void>;
}

/** Opens a WIM. @throws AppError when it is not there or is no WIM */
export type OpenLessonWim = (wim: string) => Promise<LessonWim>;

/** What the lessons use of the channel browse. */
export type LessonBrowser = Pick<
  Proxy<(typeof browse)['members']>,
  'open' | 'close' | 'entry' | 'onlyInImages'
>;

/** Opens WIM files through the channel browse. @param browser asked for each time, as a thread may be replaced */
export function openThroughBrowse(browser: () => LessonBrowser): OpenLessonWim {
  return async (wim) => {
    const { session, summary } = await browser().open({ wim });
    return {
      summary,
      async sha1(image, path) {
        try {
          const { streams } = await browser().entry({ session, image, path });
          return streams.find(({ kind }) => kind === 'data')?.sha1.toLowerCase() ?? '';
        } catch (error) {
          if (error instanceof AppError && error.code === 'wim/no-such-path') return undefined;
          throw error;
        }
      },
      onlyInImages: async () => (await browser().onlyInImages({ session })).result,
      async close() {
        await browser().close({ session });
      },
    };
  };
}
