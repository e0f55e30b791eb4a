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
  'practice.contents': 'Inhalt',
  'practice.lessons': 'Lektionen',
  'practice.start': 'Beginnen',
  'practice.again': 'Erneut beginnen',
  'practice.done': 'Erledigt',
  'practice.todo': 'Offen',
  'practice.reset': 'Von vorn',
  'practice.resetHint': 'Entfernt die WIM-Datei und das Ziel der Lektionen. Der Referenz-PC bleibt.',
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
};
