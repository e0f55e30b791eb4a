import { Save } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import { reportLinesOf } from '../../../src-shared/commandLines/commandLines';
import { formatTime } from '../../i18n/format';
import { useLanguage, useText } from '../../i18n/translate';
import { useApp } from '../../stores/app';
import { useLibrary } from '../../stores/library';
import { baseName } from '../../stores/workNames';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { ErrorNotice } from '../../ui/errorNotice';
import { Facts, Notice, PathText, Section } from '../../ui/pieces';
import { LineTabs } from '../runtime/CommandLines';
import type { StepProps } from '../runtime/wizard';
import type { InfoDraft, InfoFacts } from './infoWizard';
import { reportSections } from './report';
import { reportFormats, reportText, type ReportFormat, type WordedReport } from './reportFormats';
import { makeReport, type WimReport } from './reportModel';
import { useSaving } from './useSaving';

/** The report, and saving it. */
export function ReportStep({ draft, facts }: StepProps<InfoDraft, InfoFacts>): ReactNode {
  const t = useText();
  const summary = facts.wim.summary.value;
  const verified = useLibrary(
    ({ rows }) => rows?.find(({ path }) => path === summary?.path)?.verified ?? null,
  );
  const onlyInImages = facts.onlyInImages.value ?? null;
  const report = useMemo(
    () =>
      summary === undefined
        ? undefined
        : makeReport(summary, { onlyInImages, verified }, new Date().toISOString()),
    [summary, onlyInImages, verified],
  );
  if (report === undefined) return <p className="soft">{t('wizards.info.first')}</p>;
  return (
    <Report
      report={report}
      name={baseName(draft.wim)}
      busy={facts.onlyInImages.busy}
      fault={facts.onlyInImages.error}
    />
  );
}

function Report({
  report,
  name,
  busy,
  fault,
}: {
  readonly report: WimReport;
  readonly name: string;
  readonly busy: boolean;
  readonly fault: unknown;
}): ReactNode {
  const t = useText();
  const language = useLanguage();
  const info = useApp((state) => state.info);
  const sections = reportSections(report, t);
  const words: WordedReport = {
    title: t('wizards.info.reportTitle', { name }),
    subtitle: t('wizards.info.reportMade', {
      time: formatTime(report.madeAt),
      version: info?.version ?? '',
    }),
    language,
    sections,
  };
  const saving = useSaving();
  const [saved, setSaved] = useState<ReportFormat>('html');
  const save = (format: ReportFormat): void => {
    setSaved(format);
    void saving.save(format, name, reportText(format, report, words));
  };
  return (
    <div className="stack wizard-report">
      <div className="row-flex wizard-wrap">
        {reportFormats.map((format) => (
          <Button key={format} icon={Save} onPress={() => save(format)} lesson={`report.${format}`}>
            {t(`wizards.info.save.${format}`)}
          </Button>
        ))}
        {busy && <span className="soft">{t('wizards.info.counting')}</span>}
      </div>
      {saving.saved !== null && (
        <Notice live>
          <div className="row-flex">
            {t('wizards.info.saved')} <PathText path={saving.saved} />
          </div>
        </Notice>
      )}
      {saving.fault !== undefined && <ErrorNotice error={saving.fault} />}
      {fault !== undefined && <ErrorNotice error={fault} />}
      {sections.map(({ title, rows }) => (
        <Section key={title} title={title}>
          <Facts facts={rows} />
        </Section>
      ))}
      <Section title={t('wizards.asLine')}>
        <LineTabs lines={reportLinesOf(report.wim.path, info?.platform === 'win32' ? 'windows' : 'posix')} />
      </Section>
      {saving.taken !== null && (
        <Dialog
          role="alertdialog"
          title={t('wizards.info.replaceTitle')}
          isOpen
          onClose={saving.dismiss}
          footer={
            <>
              <Button onPress={saving.dismiss}>{t('common.cancel')}</Button>
              <Button kind="danger" onPress={() => void saving.replace(reportText(saved, report, words))}>
                {t('wizards.info.replace', { name: baseName(saving.taken) })}
              </Button>
            </>
          }
        >
          <p>{t('wizards.info.replaceText', { path: saving.taken })}</p>
        </Dialog>
      )}
    </div>
  );
}
