import type { Same } from '../catalogue';
import type { practiceEn } from '../en/practice';

export const practiceDe: Same<typeof practiceEn> = {
  'practice.title': 'Übungsplatz',
  'practice.intro':
    'Ein kleiner Referenz-PC aus Dateien, um ohne Geräte zu üben. Alles bleibt in einem Ordner; außerhalb wird nichts angerührt.',
  'practice.make': 'Übungsplatz anlegen',
  'practice.making': 'Der Übungsplatz wird angelegt',
  'practice.notMade': 'Der Übungsplatz ist noch nicht angelegt',
  'practice.notMadeText':
    'Das dauert einige Sekunden und braucht etwa 60 MB: ein Ordner wie ein Windows-PC, ein zweiter Stand mit Office und ein leeres Ziel.',
  'practice.bench': 'Der Übungsplatz',
  'practice.folder': 'Ordner',
  'practice.reference': 'Referenz-PC',
  'practice.changedReference': 'Derselbe PC mit Office',
  'practice.target': 'Ziel',
  'practice.wim': 'WIM-Datei der Lektionen',
  'practice.disk': 'Übungsdatenträger',
  'practice.drivers': 'Treiber',
  'practice.driversWim': 'Abbild für Treiber',
  'practice.contents': 'Inhalt',
  'practice.lessons': 'Lektionen',
  'practice.start': 'Beginnen',
  'practice.again': 'Erneut beginnen',
  'practice.done': 'Erledigt',
  'practice.todo': 'Offen',
  'practice.reset': 'Von vorn',
  'practice.resetHint':
    'Entfernt die WIM-Datei, die Datenträger und das Ziel der Lektionen. Der Referenz-PC bleibt.',
  'practice.remove': 'Übungsplatz entfernen',
  'practice.removeTitle': 'Übungsplatz entfernen',
  'practice.removeText': 'Der Ordner {folder} wird mit allem darin gelöscht.',
  'practice.lesson.capture': 'Den Referenz-PC aufzeichnen',
  'practice.lesson.capture.text':
    'Aus dem Referenz-PC lab.wim machen: was ausgelassen wird, was Komprimieren kostet, was der Plan sagt.',
  'practice.lesson.append': 'Einen zweiten Stand anhängen',
  'practice.lesson.append.text':
    'Den PC mit Office als Abbild 2 hinzufügen und sehen, dass Gleiches nur einmal gespeichert ist.',
  'practice.lesson.info': 'Ein Abbild beschreiben',
  'practice.lesson.info.text': 'Abbild 1 eine Beschreibung und Flags geben, damit andere wissen, was es ist.',
  'practice.lesson.apply': 'Ein Abbild anwenden',
  'practice.lesson.apply.text': 'Abbild 2 in den Zielordner bringen, wie auf einen neuen PC.',
  'practice.lesson.prepare': 'Einen Datenträger vorbereiten',
  'practice.lesson.prepare.text':
    'Einen gebrauchten Übungsdatenträger löschen und für einen PC mit UEFI aufteilen: was geht, was kommt, was geprüft wird.',
  'practice.lesson.newPc': 'Einen neuen PC einrichten',
  'practice.lesson.newPc.text':
    'Einen Datenträger anlegen, aufteilen und Abbild 2 darauf anwenden, in einem Auftrag und ohne etwas einzuhängen.',
  'practice.lesson.drivers': 'Treiber einbringen',
  'practice.lesson.drivers.text':
    'Herausfinden, welches von drei Paketen ein PC braucht und was mit den anderen nicht stimmt, und das richtige in ein Abbild bringen.',
  'practice.coach': 'Lektion: {title}',
  'practice.step': 'Schritt {step} von {count}',
  'practice.coachFold': 'Lektion einklappen',
  'practice.coachUnfold': 'Lektion ausklappen',
  'practice.coachEnd': 'Lektion beenden',
  'practice.coachNext': 'Nächster Schritt',
  'practice.coachBack': 'Schritt davor',
  'practice.coachGo': 'Dorthin gehen',
  'practice.coachHere': 'Es ist im Fenster markiert.',
  'practice.coachNotHere': 'Das Bedienelement ist im Moment nicht zu sehen.',
  'practice.why': 'Warum:',
  'practice.check': 'Ergebnis prüfen',
  'practice.checking': 'Das Ergebnis wird angesehen…',
  'practice.passed': 'Alles stimmt. Die Lektion ist erledigt.',
  'practice.notPassed': '{count, plural, one {Eines fehlt noch.} other {# Dinge fehlen noch.}}',
  'practice.lines': 'Dasselbe auf einer Befehlszeile',
  'practice.nextLesson': 'Nächste Lektion',
  'practice.holds': 'stimmt',
  'practice.missing': 'fehlt',

  'practice.check.wim': 'lab.wim liegt auf dem Übungsplatz',
  'practice.check.opens': 'lab.wim lässt sich öffnen',
  'practice.check.image': 'Sie enthält Abbild 1',
  'practice.check.secondImage': 'Sie enthält Abbild 2',
  'practice.check.named': 'Das Abbild hat einen Namen',
  'practice.check.files': 'Es hat so viele Dateien wie der PC, ohne das Ausgeschlossene',
  'practice.check.leftOut': 'Auslagerungsdatei, Ruhezustandsdatei und Papierkorb sind ausgelassen',
  'practice.check.content': 'Stichproben stimmen mit dem PC überein',
  'practice.check.integrity': 'Eine Integritätstabelle ist da',
  'practice.check.changes': 'Abbild 2 hat die Änderungen des PCs mit Office',
  'practice.check.singleInstance': 'Abbild 2 brauchte wenig Platz: Gleiches ist einmal gespeichert',
  'practice.check.description': 'Abbild 1 hat eine Beschreibung',
  'practice.check.flags': 'Abbild 1 hat Flags',
  'practice.check.target': 'Das Ziel ist gefüllt',
  'practice.check.targetFiles': 'Es hat so viele Dateien wie Abbild 2',
  'practice.check.targetContent': 'Stichproben stimmen mit Abbild 2 überein',
  'practice.check.disk': 'Der Übungsdatenträger ist auf dem Übungsplatz',
  'practice.check.diskOpens': 'Der Übungsdatenträger lässt sich öffnen',
  'practice.check.gpt': 'Er hat eine GPT',
  'practice.check.partitions':
    'Er hat eine EFI-System-, eine reservierte und eine Wiederherstellungspartition',
  'practice.check.volumes': 'Die EFI-Systempartition ist FAT32, und für Windows ist NTFS da',
  'practice.check.newPc': 'New PC.vhdx ist auf dem Übungsplatz',
  'practice.check.newPcOpens': 'New PC.vhdx lässt sich öffnen',
  'practice.check.windows': 'Er hat ein Volume mit Windows',
  'practice.check.windowsFiles': 'Das Volume hat so viele Dateien wie Abbild 2',
  'practice.check.driversWim': 'drivers.wim ist auf dem Übungsplatz',
  'practice.check.driversOpens': 'drivers.wim lässt sich öffnen, und sein Windows wird gefunden',
  'practice.check.rightDriver': 'pnet.inf ist darin bereitgelegt',
  'practice.check.driverFiles': 'Seine Dateien sind Byte für Byte im Abbild',
  'practice.check.othersOut': 'pstor.inf und pgfx.inf blieben draußen',

  'practice.capture.open':
    'Den Assistenten Aufzeichnen öffnen: in der Werkzeugleiste oder mit Strg+Umschalt+C.',
  'practice.capture.open.why':
    'Aufzeichnen heißt, einen Ordner oder ein Volume in ein Abbild in einer WIM-Datei zu lesen.',
  'practice.capture.source': 'Die Quelle ist der Referenz-PC. Sein Pfad: {reference}',
  'practice.capture.source.why':
    'Der Assistent zählt, was da ist, bevor etwas geschrieben wird: So sind Größe und Dauer bekannt.',
  'practice.capture.exclusions': 'Die Ausschlüsse ansehen. Jedes Muster sagt, wie viel es auslässt.',
  'practice.capture.exclusions.why':
    'Auslagerungs- und Ruhezustandsdatei gehören zu einem PC; im Abbild kosten sie nur Platz.',
  'practice.capture.compression': 'Schnell wählen.',
  'practice.capture.compression.why':
    'Die Zahlen kommen aus einer Stichprobe dieser Quelle. Schnell ist am schnellsten aufzuzeichnen und anzuwenden; Maximal ist kleiner.',
  'practice.capture.name': 'Dem Abbild einen Namen geben, etwa „Labor-PC“.',
  'practice.capture.name.why': 'Eine WIM-Datei kann viele Abbilder enthalten; der Name unterscheidet sie.',
  'practice.capture.wim': 'Die WIM-Datei kommt hierhin: {wim}',
  'practice.capture.wim.why': 'Der Assistent prüft Ort, freien Platz und ob der Name vergeben ist.',
  'practice.capture.review': 'Den Plan lesen, und denselben Auftrag als Zeile für wimsmith, ImageX und DISM.',
  'practice.capture.review.why':
    'Bis hierher wurde nichts geschrieben. Der Plan ist, was geschehen wird, und nicht mehr.',
  'practice.capture.run': 'Ausführen und den Fortschritt ansehen.',
  'practice.capture.run.why':
    'Die neue Datei bekommt ihren Namen erst, wenn sie vollständig ist: Abbruch oder Stromausfall hinterlassen nichts Halbes.',
  'practice.capture.check': 'Das Ergebnis prüfen.',
  'practice.capture.check.why': 'Die Prüfung öffnet lab.wim und vergleicht sie mit dem Referenz-PC.',

  'practice.append.open': 'Den Assistenten Anhängen öffnen.',
  'practice.append.open.why':
    'Anhängen fügt einer WIM-Datei ein weiteres Abbild hinzu; die vorhandenen bleiben, wie sie sind.',
  'practice.append.wim': 'Die WIM-Datei ist die der ersten Lektion: {wim}',
  'practice.append.wim.why': 'Ihre Abbilder werden gezeigt, damit klar ist, woran angehängt wird.',
  'practice.append.source': 'Die Quelle ist der PC mit Office: {changedReference}',
  'practice.append.source.why':
    'Die meisten seiner Dateien sind dieselben wie vorher. Sie werden nicht noch einmal gespeichert.',
  'practice.append.run': 'Weiter zur Durchsicht und ausführen.',
  'practice.append.run.why':
    'Anhängen schreibt hinter die alten Daten und ändert den Kopf zuletzt: Die alten Abbilder sind jederzeit lesbar.',
  'practice.append.result': 'Das Ergebnis ansehen: was gespart ist, weil Gleiches einmal gespeichert wird.',
  'practice.append.result.why': 'Das ist Single Instancing, der wichtigste Grund für WIM-Dateien.',
  'practice.append.check': 'Das Ergebnis prüfen.',
  'practice.append.check.why':
    'Die Prüfung sucht die Änderungen in Abbild 2 und den Platz, den nur Abbild 2 braucht.',

  'practice.info.open': 'lab.wim unter Abbilder öffnen.',
  'practice.info.open.why': 'Die Ansicht zeigt, was eine WIM-Datei enthält.',
  'practice.info.select': 'In der Tabelle Abbild 1 wählen.',
  'practice.info.select.why': 'Seine Eigenschaften stehen daneben und lassen sich dort ändern.',
  'practice.info.edit': 'Eine Beschreibung schreiben, und Professional in die Flags.',
  'practice.info.edit.why':
    'Setup und andere lesen die Flags als Edition von Windows; Menschen lesen die Beschreibung.',
  'practice.info.commit': 'Die Änderungen speichern.',
  'practice.info.commit.why':
    'Alle Änderungen werden in einem Schritt geschrieben. Es dauert Augenblicke: Dateidaten bleiben unberührt.',
  'practice.info.check': 'Das Ergebnis prüfen.',
  'practice.info.check.why': 'Die Prüfung liest Beschreibung und Flags aus der Datei zurück.',

  'practice.apply.open': 'Den Assistenten Anwenden öffnen.',
  'practice.apply.open.why':
    'Anwenden schreibt die Dateien eines Abbilds in einen Ordner oder auf ein Volume.',
  'practice.apply.image': '{wim} und Abbild 2 wählen.',
  'practice.apply.image.why': 'Abbild 2 ist der PC mit Office.',
  'practice.apply.target': 'Das Ziel ist dieser Ordner: {target}',
  'practice.apply.target.why': 'Er ist leer, und der Platz wird geprüft, bevor etwas geschrieben wird.',
  'practice.apply.run': 'Weiter zur Durchsicht und ausführen.',
  'practice.apply.run.why': 'Jede Datei wird beim Schreiben mit ihrem SHA-1 verglichen.',
  'practice.apply.check': 'Das Ergebnis prüfen.',
  'practice.apply.check.why': 'Die Prüfung zählt die Dateien des Ziels und vergleicht Stichproben.',

  'practice.prepare.open': 'Platten öffnen und dort Datenträger vorbereiten.',
  'practice.prepare.open.why':
    'Vorbereiten heißt, einen Datenträger zu löschen, in Partitionen aufzuteilen und sie zu formatieren.',
  'practice.prepare.target': '„Eine vorhandene Datenträgerdatei“ wählen.',
  'practice.prepare.target.why':
    'Eine Datenträgerdatei verhält sich wie ein Datenträger, und nichts am Rechner ist in Gefahr. Bei einem physischen sind die Schritte dieselben.',
  'practice.prepare.file': 'Der Datenträger ist der Übungsdatenträger: {disk}',
  'practice.prepare.file.why': 'Was jetzt darauf ist, wird gezeigt, bevor etwas entschieden wird.',
  'practice.prepare.layout':
    'Den Balken ansehen: der Datenträger jetzt und nachher. Eine Linie mit der Maus oder den Pfeiltasten verschieben, dann wieder „PC mit UEFI“ wählen.',
  'practice.prepare.layout.why':
    'Windows mit UEFI braucht eine EFI-Systempartition und eine reservierte; die Wiederherstellung steht hinter Windows, damit ein Update sie vergrößern kann.',
  'practice.prepare.erased': 'Lesen, was gelöscht wird, und bestätigen.',
  'practice.prepare.erased.why':
    'Der Plan nennt jede Partition und das Erste, was darin ist. Bei einem physischen Datenträger ist auch sein Name einzugeben.',
  'practice.prepare.run': 'Ausführen und den Fortschritt ansehen.',
  'practice.prepare.run.why':
    'Die Partitionstabelle wird zuletzt geschrieben. Ein abgebrochener Auftrag lässt keinen Datenträger zurück, der ganz aussieht und es nicht ist.',
  'practice.prepare.check': 'Das Ergebnis prüfen.',
  'practice.prepare.check.why': 'Die Prüfung öffnet den Datenträger und liest seine Partitionen und Volumes.',

  'practice.newPc.image': 'Den Assistenten Anwenden öffnen und {wim} und Abbild 2 wählen.',
  'practice.newPc.image.why': 'Abbild 2 ist der PC mit Office.',
  'practice.newPc.target': 'Als Ziel „Eine neue Datenträgerdatei“ wählen.',
  'practice.newPc.target.why': 'Der Datenträger wird in einem Auftrag angelegt, aufgeteilt und gefüllt.',
  'practice.newPc.file': 'Die Datenträgerdatei kommt hierher: {newPc}',
  'practice.newPc.file.why':
    'Die Endung .vhdx macht sie zu einem Datenträger, den Hyper-V und Windows öffnen. Sie wächst beim Füllen.',
  'practice.newPc.size': 'Ihn 4GB groß machen und die Aufteilung ansehen.',
  'practice.newPc.size.why': 'Die Größe ist, was der PC sieht; die Datei belegt nur, was geschrieben wird.',
  'practice.newPc.run': 'Weiter zur Durchsicht und ausführen.',
  'practice.newPc.run.why':
    'Dateien gehen geradewegs in ein NTFS-Volume in der Datenträgerdatei: Nichts wird eingehängt, und kein Administrator ist nötig.',
  'practice.newPc.check': 'Das Ergebnis prüfen.',
  'practice.newPc.check.why': 'Die Prüfung öffnet den Datenträger, sucht Windows und zählt seine Dateien.',

  'practice.drivers.open': 'Treiber öffnen, und dort „Treiber einbringen“.',
  'practice.drivers.open.why':
    'Ein fehlender Treiber ist der häufigste Grund, aus dem ein verteiltes Abbild scheitert.',
  'practice.drivers.image': 'Das Abbild ist das in {driversWim}',
  'practice.drivers.image.why':
    'Seine Registrierung sagt, welches Windows es ist: Dafür werden Treiber gewählt.',
  'practice.drivers.packages': 'Die Treiber sind in diesem Ordner: {drivers}',
  'practice.drivers.packages.why': 'Er wird sofort durchgesehen, und jede Datei wird geprüft.',
  'practice.drivers.faults': 'Ein Paket nach dem anderen wählen und lesen, was damit nicht stimmt.',
  'practice.drivers.faults.why':
    'Keines ist signiert, denn niemand signiert Übungstreiber. Einem fehlt auch eine Datei, die es nennt.',
  'practice.drivers.devices': 'Die Liste der Geräte des Übungs-PCs wählen: {deviceList}',
  'practice.drivers.devices.why':
    'pnputil hat sie auf diesem PC geschrieben. Mit ihr kommt nur hinein, was der PC braucht.',
  'practice.drivers.match': 'Nachsehen, welches Paket für jedes Gerät das beste ist, und warum.',
  'practice.drivers.match.why':
    'Windows würde ebenso wählen: nach Signatur, Kennung, Datum und Version. Der Speichertreiber ist für ARM64 und dient hier niemandem.',
  'practice.drivers.decide': 'Unter „Mit Fehlern“ pnet.inf trotzdem hineinnehmen und pgfx.inf herauslassen.',
  'practice.drivers.decide.why':
    'Eine fehlende Signatur kann gewollt sein, auf einem Test-PC. Eine fehlende Datei nie: Das Gerät bliebe ohne Treiber.',
  'practice.drivers.run': 'Weiter zur Durchsicht und ausführen.',
  'practice.drivers.run.why':
    'Bereitgelegt heißt: Windows Setup übergeben, das es beim ersten Start installiert. Sofort installiert nur DISM unter Windows.',
  'practice.drivers.check': 'Das Ergebnis prüfen.',
  'practice.drivers.check.why': 'Die Prüfung sieht in das Abbild und vergleicht die Dateien des Pakets.',
};
